import { randomUUID } from 'node:crypto';
import { decodeThrownBody } from '@concurrent-executors/executor/backend';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { RedisServer } from '../../../../tools/redis/redis-server.ts';
import {
  sealEnvelope,
  type Call,
  type Envelope,
} from '../../src/wire/envelope.ts';
import { identifyModule } from '../../src/wire/module-identity.ts';
import { Names, queueName } from '../../src/wire/names.ts';
import { Signer } from '../../src/wire/signer.ts';
import { until } from './until.ts';

/** Who can write to Redis, and writes there what no BullMQExecutor would. */
export interface Intruder extends AsyncDisposable {
  readonly redis: Redis;
  readonly names: Names;
  /** The queue of the module, as its name and as the prefix of its keys. */
  readonly queue: string;
  readonly queueKey: string;
  /** A good envelope of a call, but for these fields. */
  envelope(
    call: Partial<Call>,
    body: Uint8Array,
    fields?: Readonly<Record<string, unknown>>,
    key?: string,
  ): Envelope;
  /** Adds a job as BullMQ would, with whatever data. Gives its id. */
  add(name: string, data: unknown, id?: string): Promise<string>;
  /** What the job has failed with; undefined if it has returned. Waits for its end. */
  failureOf(id: string, key?: string): Promise<unknown>;
}

export function makeIntruder(server: RedisServer, module: string): Intruder {
  const redis = new Redis({ path: server.socket, maxRetriesPerRequest: null });
  const names = new Names('default');
  const identity = identifyModule(module);
  const queue = queueName(identity);
  const queueKey = `${names.prefix}:${queue}`;
  const bullmq = new Queue<unknown, unknown, string>(queue, {
    connection: redis,
    prefix: names.prefix,
  });
  return {
    redis,
    names,
    queue,
    queueKey,
    envelope(call, body, fields = {}, key?: string) {
      return {
        ...sealEnvelope(
          new Signer(key),
          { queue, id: '', name: '', ...call },
          {
            kind: 'single',
            hash: identity.hash,
            replyTo: names.reply('intruder'),
          },
          body,
          true,
        ),
        ...fields,
      };
    },
    async add(name, data, id = randomUUID()) {
      await bullmq.add(name, data, { jobId: id, priority: 1 });
      return id;
    },
    async failureOf(id, key) {
      const record = `${queueKey}:${id}`;
      await until(
        async () => (await redis.hget(record, 'finishedOn')) !== null,
      );
      if ((await redis.hget(record, 'failedReason')) === null) return undefined;
      const bytes = await redis.getBuffer(names.failure(id));
      const sealed = bytes ?? Buffer.of();
      return decodeThrownBody({
        bytes: new Signer(key).unseal(['failure', id], sealed),
      });
    },
    async [Symbol.asyncDispose]() {
      await bullmq.close();
      redis.disconnect();
    },
  };
}
