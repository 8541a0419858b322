import { describe, expect, test } from 'vitest';
import {
  findRedis,
  startRedis,
  type RedisServer,
} from '../../../tools/redis/redis-server.ts';
import { connect } from '../src/redis/connection.ts';

const executable = findRedis();
const MANY = 100;

/** How many reads Redis has made so far. One message is one read, if it is short. */
async function readsOf(redis: RedisServer): Promise<number> {
  const stats = await redis.ask('INFO stats');
  return Number(/total_reads_processed:(\d+)/.exec(stats)?.[1]);
}

describe.skipIf(executable === undefined)('commands', () => {
  test('that are given together are one message, also at the ends of promises', async () => {
    await using redis = await startRedis(executable ?? '');
    const client = connect({ redis: redis.url }, 'batching');
    await client.ping();
    // To ask takes reads, too.
    const first = await readsOf(redis);
    const before = await readsOf(redis);
    const answers = Array.from({ length: MANY }, async (_, n) => {
      for (let step = 0; step < n; step += 1) await Promise.resolve();
      return client.echo(String(n));
    });
    // One that waits for the same tick.
    const ticked = new Promise((resolve, reject) => {
      process.nextTick(() => {
        client.echo('tick').then(resolve, reject);
      });
    });
    expect(await Promise.all(answers)).toEqual(
      answers.map((_, n) => String(n)),
    );
    expect(await ticked).toBe('tick');
    expect((await readsOf(redis)) - before).toBe(before - first + 1);
    await client.quit();
  });
});
