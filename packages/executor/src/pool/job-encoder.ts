import { MAX_BODY_BYTES } from '../wire/frames.ts';
import { sizeOf } from '../wire/copies.ts';
import { packed } from '../wire/pack.ts';
import { encodeValue, type EncodedValue } from '../wire/value-codec.ts';
import type { PoolJob } from './job.ts';
import { cannotSend } from './worker-slot.ts';

/**
 * Arguments of so many bytes take some milliseconds to copy, of this event loop
 * and of the worker. Who sends them mostly does not know.
 */
const LARGE_PAYLOAD = 10_000_000;

/** Encodes the arguments of jobs. */
export class JobEncoder {
  /** Whether workers share memory with this program. */
  readonly #shared: boolean;
  readonly #inHand = new Set<PoolJob>();
  #hasWarned = false;

  constructor(shared: boolean) {
    this.#shared = shared;
  }

  /**
   * The jobs whose arguments are being encoded. A getter among them can call the
   * executor, when the job is neither in the queue nor in a slot.
   */
  get inHand(): ReadonlySet<PoolJob> {
    return this.#inHand;
  }

  /** Gives undefined if the job is done now. */
  encode(job: PoolJob): EncodedValue | undefined {
    this.#inHand.add(job);
    try {
      const { transfer } = job.options;
      const args =
        job.kind === 'chunk'
          ? job.args.map((column) => packed(column as readonly unknown[])) // what map gives
          : job.args;
      const body = encodeValue(args, {
        shared: this.#shared,
        transfer,
        parts: true,
      });
      if (!this.#shared && sizeOf(body) > MAX_BODY_BYTES) {
        throw new RangeError('more than 4 GiB cannot be sent to a process');
      }
      this.#warnIfLarge(job, body);
      // A getter may have cancelled it.
      return job.future.done ? undefined : body;
    } catch (cause) {
      if (!job.future.done) job.failForGood(cannotSend(job, cause));
      return undefined;
    } finally {
      this.#inHand.delete(job);
    }
  }

  #warnIfLarge({ name }: PoolJob, body: EncodedValue): void {
    const size = sizeOf(body);
    if (size < LARGE_PAYLOAD || this.#hasWarned) return;
    this.#hasWarned = true;
    process.emitWarning(
      `the arguments of task ${name} take ${String(Math.round(size / 1e6))} MB, which are copied for each call: let the task read them itself, share them, or transfer them to a thread; this is said once for an executor`,
      'LargePayloadWarning',
    );
  }
}
