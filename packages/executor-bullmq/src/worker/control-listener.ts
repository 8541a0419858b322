import type { Redis } from 'ioredis';
import { readControl, type Control } from '../wire/control.ts';
import type { Names } from '../wire/names.ts';
import type { Signer } from '../wire/signer.ts';

/** How long a message for an unknown job is kept, in milliseconds: its start may be under way. */
const KEPT = 60_000;

/** And how many of them; the oldest go first. */
const MAX_KEPT = 10_000;

/**
 * Hears what submitters tell of running jobs. A message can come before the job that it is
 * about, since both come over connections of their own.
 */
export class ControlListener {
  readonly #redis: Redis;
  readonly #channel: string;
  readonly #signer: Signer;
  readonly #deliver: (control: Control) => boolean;
  readonly #early = new Map<string, { control: Control; at: number }>();

  /**
   * @param redis a connection of its own
   * @param deliver gives false if it does not know the job
   */
  constructor(
    redis: Redis,
    names: Names,
    signer: Signer,
    deliver: (control: Control) => boolean,
  ) {
    this.#redis = redis;
    this.#channel = names.control;
    this.#signer = signer;
    this.#deliver = deliver;
  }

  async start(): Promise<void> {
    this.#redis.on('message', (_channel: string, message: string) => {
      const control = readControl(this.#signer, message);
      if (control === undefined || this.#deliver(control)) return;
      this.#forgetOld();
      this.#early.delete(control.id); // the oldest are first
      this.#early.set(control.id, { control, at: performance.now() });
    });
    await this.#redis.subscribe(this.#channel);
  }

  /** What was said of a job before it came. */
  takeEarly(id: string): Control | undefined {
    const found = this.#early.get(id);
    this.#early.delete(id);
    return found?.control;
  }

  close(): void {
    this.#redis.disconnect();
  }

  #forgetOld(): void {
    const oldest = performance.now() - KEPT;
    for (const [id, { at }] of this.#early) {
      if (at > oldest && this.#early.size < MAX_KEPT) return;
      this.#early.delete(id);
    }
  }
}
