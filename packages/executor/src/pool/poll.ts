import { availableParallelism } from 'node:os';
import { setImmediate } from 'node:timers';
import { monotonicNow } from '../core/clock.ts';
import type { WorkerSlot } from './worker-slot.ts';

/**
 * So long answers are looked for in one turn of the event loop, in milliseconds: as long as a
 * worker runs tasks in one. Then timers and what else waits have their turn, and the workers
 * tell when they have answered. After 16 looks, as it was, one in 16 round trips to a process
 * took 19 µs instead of 9, since the event loop takes that long to turn; one job in flight was
 * 1.23 times as slow, and eight 1.27.
 */
const TURN = 1;

/**
 * If there is no answer yet, it waits for one for so long, in milliseconds: to be told
 * of it would take about as long. Where tasks take longer it soon gives that up: after
 * each time that nothing came it does so half as often, down to once in 64 times.
 */
const PATIENCE = availableParallelism() > 1 ? 0.02 : 0;
const MAX_PAUSE = 64;

/**
 * So long it sleeps, in milliseconds, while the workers have enough to do and few answers:
 * they get its processor, and it gets more answers at once. In a longer sleep it could do
 * something else. Linux wakes a thread up to SLACK late, so the shortest sleep takes that long.
 */
const MAX_SLEEP = 0.25;
const SLACK = 0.05;
const SHORTEST = 0.001;

/**
 * Whoever submits many jobs at once gives this program no turn to look for answers, and the
 * workers have nothing to do meanwhile: so many of them take half as long to submit as a worker
 * takes for those that it has.
 */
const QUEUED_PER_LOOK = 64;

const sleeper = new Int32Array(new SharedArrayBuffer(4));
const canSleep = isSleepAllowed();

const now = Promise.resolve();

/**
 * Promises are still served after the exit hooks of the program, other events are not.
 * What is submitted in such a hook is not to be answered now and then.
 */
let isExiting = false;
process.once('exit', () => {
  isExiting = true;
});

/**
 * Looks for answers when whoever has submitted is done with it, still in the same
 * turn of the event loop, and when that has turned. A short task is answered by then. To
 * be told of an answer takes longer than such a task, on both sides, so workers tell of
 * none in between.
 */
export class Poll {
  /** The slots that were sent something since the last look. */
  #sent: WorkerSlot[] = [];
  /** Those that do not tell of their answers before the event loop has turned. */
  #unparked: WorkerSlot[] = [];
  /** When the event loop is to turn, by the clock. */
  #end = 0;
  /** It does not wait for so many looks; then again for twice as many. */
  #pause = 0;
  #nextPause = 1;
  /** So many jobs were queued since the last look for that reason. */
  #queued = 0;
  /** Whether the next look is put off already. */
  #comesAgain = false;

  /** A job was submitted, and waits in the queue: no worker had room for it. */
  queued(slots: Iterable<WorkerSlot>): void {
    this.#queued += 1;
    if (this.#queued < QUEUED_PER_LOOK || isExiting) return;
    this.#queued = 0;
    const time = monotonicNow();
    for (const slot of slots) {
      if (slot.nextLook <= time) slot.settleAnswersQuietly();
    }
  }

  /** A job was sent to the slot. */
  sent(slot: WorkerSlot): void {
    if (isExiting || this.#sent.includes(slot)) return;
    this.#sent.push(slot);
    if (this.#sent.length === 1) void now.then(this.#look);
    if (this.#unparked.includes(slot)) return;
    this.#unparked.push(slot);
    slot.expectAnswers();
    if (this.#unparked.length > 1) return;
    this.#end = monotonicNow() + TURN;
    setImmediate(this.#newTurn);
  }

  readonly #newTurn = (): void => {
    const slots = this.#unparked;
    this.#unparked = [];
    for (const slot of slots) slot.turned();
  };

  readonly #look = (): void => {
    const slots = this.#sent;
    this.#sent = [];
    for (const slot of slots) slot.flush();
    const isAgain = this.#comesAgain;
    this.#comesAgain = false;
    const time = monotonicNow();
    if (time > this.#end) return;
    const rest = Math.min(...slots.map(({ nextLook }) => nextLook)) - time;
    if (!(rest <= MAX_SLEEP)) return;
    if (rest > SLACK / 2) {
      if (!isAgain) {
        // Jobs are sent before futures are settled: whoever awaits these goes on first.
        this.#comesAgain = true;
        this.#sent.push(...slots);
        void now.then(this.#look);
        return;
      }
      sleep(rest);
    }
    this.#await(slots);
    for (const slot of slots) slot.settleSomeAnswers();
  };

  /** Waits until one of them has an answer, if it is likely to have one at once. */
  #await(slots: readonly WorkerSlot[]): void {
    if (hasAnyAnswer(slots)) return;
    if (this.#pause > 0) {
      this.#pause -= 1;
      return;
    }
    const end = monotonicNow() + PATIENCE;
    while (monotonicNow() < end) {
      if (!hasAnyAnswer(slots)) continue;
      this.#nextPause = 1;
      return;
    }
    this.#pause = this.#nextPause;
    this.#nextPause = Math.min(2 * this.#nextPause, MAX_PAUSE);
  }
}

/** Without a closure: it is called again and again, and garbage takes time from all that follows. */
function hasAnyAnswer(slots: readonly WorkerSlot[]): boolean {
  for (const slot of slots) if (slot.hasAnswer) return true;
  return false;
}

function sleep(milliseconds: number): void {
  if (!canSleep) return;
  Atomics.wait(sleeper, 0, 0, Math.max(milliseconds - SLACK, SHORTEST));
}

/** Whoever embeds Node.js can forbid it in the main thread. */
function isSleepAllowed(): boolean {
  try {
    return Atomics.wait(sleeper, 0, 1) === 'not-equal';
  } catch {
    return false;
  }
}
