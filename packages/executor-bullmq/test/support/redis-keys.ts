import type { RedisServer } from '../../../../tools/redis/redis-server.ts';

/**
 * The keys in Redis but for what BullMQ keeps by its own limits: the records of jobs that
 * are done, their sets, the events and the data of a queue itself.
 */
export async function keysLeft(redis: RedisServer): Promise<string[]> {
  const answer = await redis.ask('KEYS *');
  const keys = answer.split('\r\n').filter((line) => /^[^*$]/.test(line));
  return keys.filter(
    (key) =>
      !/:(meta|id|events|completed|failed|stalled-check|marker)$/.test(key) &&
      !/@[^:]*:[\da-f]{8}-[\da-f-]{27}-\d+$/.test(key),
  );
}
