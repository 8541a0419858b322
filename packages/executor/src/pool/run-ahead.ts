import { clearInterval, setInterval } from 'node:timers';
import type { PoolJob } from './job.ts';
import type { Prefetch } from './slot-owner.ts';
import type { WorkerSlot } from './worker-slot.ts';

/**
 * A job that runs at least this long, in milliseconds, gives back the jobs that
 * wait behind it in its worker; at most twice as long, since it is looked at in
 * intervals.
 */
const STUCK_AFTER = 2;

const none: readonly PoolJob[] = [];

/**
 * Jobs that are sent to workers before these can start them, so that a worker need
 * not wait for the next one. They are taken back
 *
 * - when the one that the worker runs takes long: any other worker may be free first;
 * - when a worker is idle, the queue is empty, and it is worth it;
 * - when one with a higher priority comes;
 * - when the worker gets no more jobs.
 *
 * So jobs start in order, but for those that wait a few milliseconds behind a long
 * one.
 */
export class RunAhead {
  readonly #slots: ReadonlySet<WorkerSlot>;
  readonly #wait: number;
  readonly #recalled: (jobs: readonly PoolJob[]) => void;
  /** What each worker ran when it was last looked at. */
  readonly #seen = new WeakMap<WorkerSlot, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    slots: ReadonlySet<WorkerSlot>,
    { wait }: Prefetch,
    recalled: (jobs: readonly PoolJob[]) => void,
  ) {
    this.#slots = slots;
    this.#wait = wait;
    this.#recalled = recalled;
  }

  /** The worker to send the job ahead to, if there is one. */
  slotFor(job: PoolJob): WorkerSlot | undefined {
    // What was transferred cannot be taken back.
    if (job.options.transfer !== undefined) return undefined;
    let best: WorkerSlot | undefined;
    for (const slot of this.#slots) {
      if (
        slot.hasRoomAhead &&
        (best === undefined || slot.ahead < best.ahead)
      ) {
        best = slot;
      }
    }
    return best;
  }

  /**
   * A worker that has done the job before an idle one would be awake, if there is one.
   *
   * If the job in front takes long after all, the job moves to the idle one within
   * 2 × STUCK_AFTER, unless this program blocks.
   */
  soonDoneBy(job: PoolJob): WorkerSlot | undefined {
    if (job.options.transfer !== undefined) return undefined; // as above
    for (const slot of this.#slots) {
      if (slot.hasSoonDone(job)) return slot;
    }
    return undefined;
  }

  /** To be called after a job was sent ahead. */
  watch(): void {
    if (this.#timer !== undefined) return;
    // No closure here: one that refers to this object takes memory in each call.
    this.#timer = setInterval(this.#look, STUCK_AFTER).unref(); // the workers hold the program as long as they run something
  }

  /** Takes back the jobs with a lower priority, in order. */
  recallBelow(priority: number): PoolJob[] {
    return this.#recallIf((jobs) =>
      jobs.some(({ options }) => (options.priority ?? 0) < priority),
    );
  }

  /** Takes back the jobs of the worker that has the most to do, if that is worth it. */
  recallLongest(): readonly PoolJob[] {
    let longest: WorkerSlot | undefined;
    for (const slot of this.#slots) {
      if (slot.backlog > (longest?.backlog ?? this.#wait)) longest = slot;
    }
    return longest?.recall() ?? none;
  }

  #recallIf(condition: (jobs: readonly PoolJob[]) => boolean): PoolJob[] {
    return [...this.#slots]
      .filter((slot) => slot.ahead > 0 && condition(slot.jobs))
      .flatMap((slot) => slot.recall())
      .sort((a, b) => a.future.id - b.future.id);
  }

  #hasAny(): boolean {
    for (const slot of this.#slots) if (slot.ahead > 0) return true;
    return false;
  }

  readonly #look = (): void => {
    const recalled: PoolJob[] = [];
    for (const slot of this.#slots) {
      // A worker may not tell of its answers as long as it has tasks that were sent ahead.
      slot.settleAnswers();
      const { frontId } = slot;
      if (frontId === undefined || slot.ahead === 0) continue;
      if (this.#seen.get(slot) === frontId) {
        slot.slowDown();
        recalled.push(...slot.recall());
      } else {
        this.#seen.set(slot, frontId);
      }
    }
    if (!this.#hasAny()) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    this.#recalled(recalled.sort((a, b) => a.future.id - b.future.id));
  };
}
