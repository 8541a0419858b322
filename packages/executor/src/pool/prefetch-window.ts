import type { HostLane } from '../wire/lane.ts';
import type { PoolJob } from './job.ts';
import { Pace } from './pace.ts';
import type { SentJobs } from './sent-jobs.ts';
import type { Prefetch, SlotOwner } from './slot-owner.ts';
import { Streak } from './streak.ts';

/**
 * Calls of the system for each job that a worker has to make beside it, and this program, if the
 * worker's lane makes any. Where such a call takes 2.5 µs instead of 0.5, as in some virtual
 * machines, this makes 8 in flight 1.6 times as fast, and 64 in flight 1.1 to 1.15 times.
 */
const CALLS = 3;

/** How many jobs one worker may have before it can start them, from how long its jobs took. */
export class PrefetchWindow {
  readonly #prefetch: Prefetch;
  readonly #sent: SentJobs;
  readonly #owner: Pick<SlotOwner, 'waitingForEach'>;
  readonly #lane: Pick<HostLane, 'callTime'> | undefined;
  readonly #pace: Pace;
  readonly #streak = new Streak();

  constructor(
    prefetch: Prefetch,
    sent: SentJobs,
    owner: Pick<SlotOwner, 'waitingForEach'>,
    lane: Pick<HostLane, 'callTime'> | undefined,
  ) {
    this.#prefetch = prefetch;
    this.#sent = sent;
    this.#owner = owner;
    this.#lane = lane;
    this.#pace = new Pace(prefetch.pace);
  }

  /**
   * Whether one more may be sent. Not if they take so long that the wait for the next one does
   * not matter: that may as well go to whoever is free first.
   */
  get hasRoom(): boolean {
    const { pace } = this.#prefetch;
    return (
      this.#pace.value < pace &&
      // All that wait take two times the pace that one may take, at most.
      this.#sent.ahead < Math.min(this.#depth, (2 * pace) / this.#pace.value) &&
      this.#sent.hasPlace
    );
  }

  /** Whether the worker is at work and soon done with the job, too, as far as is known. */
  endsSoon(job: PoolJob): boolean {
    const { wait, quick } = this.#prefetch;
    const { running, ahead } = this.#sent;
    const pace = this.#pace.value;
    const callTime = this.#lane?.callTime ?? 0;
    return (
      running > 0 &&
      pace < quick + CALLS * callTime &&
      (running + ahead) * pace < wait &&
      this.#streak.goesOnWith(job)
    );
  }

  /** How long what has not started will take, in milliseconds. */
  get backlog(): number {
    const { ahead } = this.#sent;
    return ahead === 0 ? 0 : ahead * this.#pace.value;
  }

  /**
   * When a look for answers is worth what it costs, by the clock; 0: at once. In between this
   * program does something else, or leaves its processor to the workers.
   */
  get nextLook(): number {
    const { gather } = this.#prefetch;
    const { running, ahead } = this.#sent;
    if (ahead === 0) return 0;
    const all = running + ahead;
    if (all >= gather) return this.#pace.due(Math.min(gather, all / 2));
    return this.hasRoom ? 0 : this.#pace.due(ahead / 2);
  }

  /** The worker had nothing to do, and gets a job now. */
  begin(now: number): void {
    this.#pace.begin(now);
  }

  /**
   * So many jobs have ended since the last time.
   *
   * @param runTime how long the worker had to do with them, if it has told
   */
  ended(jobs: number, now: number, runTime?: number): void {
    this.#pace.ended(jobs, now, runTime);
  }

  /** It was one of these. */
  endedOne(job: PoolJob): void {
    this.#streak.ended(job);
  }

  /** The job that runs takes long: nothing is sent ahead before it is done. */
  slowDown(): void {
    this.#pace.slowDown();
  }

  /**
   * How many there may be. Of the last jobs few, so that all workers have some of them: half
   * of the worker's share of what waits (C. Polychronopoulos, D. Kuck, "Guided
   * Self-Scheduling", 1987).
   */
  get #depth(): number {
    const { depth, deepest } = this.#prefetch;
    if (this.#sent.ahead < depth) return depth; // the usual case
    const half = this.#owner.waitingForEach / 2;
    return Math.min(Math.max(depth, half), deepest);
  }
}
