import type { Redis } from 'ioredis';

/**
 * Writes the entries of the jobs that are finished. KEYS: stream, records of the jobs. ARGV:
 * for each job the number of its fields, and these. Gives for each whether it was written.
 */
const WRITE_IF_FINISHED = `
local written, at = {}, 1
for job = 1, #KEYS - 1 do
  local count = tonumber(ARGV[at])
  written[job] = redis.call('HEXISTS', KEYS[job + 1], 'finishedOn')
  if written[job] == 1 then
    redis.call('XADD', KEYS[1], 'NOMKSTREAM', '*', unpack(ARGV, at + 1, at + count))
  end
  at = at + count + 1
end
return written`;

const NAME = 'replyIfFinished';

/** Redis with the script. */
interface Scripted {
  [NAME](
    keys: number,
    stream: string,
    ...recordsAndFields: (string | number | Buffer)[]
  ): Promise<number[]>;
}

type Field = string | Buffer;

interface Waiting {
  readonly record: string;
  readonly fields: readonly Field[];
  readonly resolve: (isWritten: boolean) => void;
}

/**
 * Writes replies for jobs if their records say by then that they are finished; all of one
 * tick at once, since Redis takes as long for a script as for a reply.
 */
export class FinishedReplies {
  readonly #redis: Redis & Scripted;
  readonly #waiting = new Map<string, Waiting[]>();

  constructor(redis: Redis) {
    redis.defineCommand(NAME, { lua: WRITE_IF_FINISHED });
    this.#redis = redis as Redis & Scripted; // just defined
  }

  /**
   * @param record the key of the record
   * @returns whether it was written
   */
  write(
    stream: string,
    record: string,
    fields: readonly Field[],
  ): Promise<boolean> {
    return new Promise((resolve) => {
      if (this.#waiting.size === 0) {
        process.nextTick(() => {
          this.#writeAll();
        });
      }
      const waiting = this.#waiting.get(stream);
      const reply = { record, fields, resolve };
      if (waiting === undefined) this.#waiting.set(stream, [reply]);
      else waiting.push(reply);
    });
  }

  #writeAll(): void {
    for (const [stream, replies] of this.#waiting)
      void this.#writeTo(stream, replies);
    this.#waiting.clear();
  }

  async #writeTo(stream: string, replies: readonly Waiting[]): Promise<void> {
    let written: readonly number[] = [];
    try {
      written = await this.#redis[NAME](
        replies.length + 1,
        stream,
        ...replies.map(({ record }) => record),
        ...replies.flatMap(({ fields }) => [fields.length, ...fields]),
      );
    } catch {
      // The record of each job tells its submitter.
    }
    replies.forEach(({ resolve }, i) => {
      resolve(written[i] === 1);
    });
  }
}
