import type { WorkerSlot } from './worker-slot.ts';

/**
 * So often answers are looked for in one turn of the event loop. Then timers and
 * what else waits have theirs, and the workers tell when they have answered.
 */
const POLLS_PER_TURN = 16;

const now = Promise.resolve();

/**
 * Looks for answers when whoever has submitted is done with it, still in the same
 * turn of the event loop. A short task is answered by then. To be told of an answer
 * takes longer than such a task, on both sides.
 */
export class Poll {
  readonly #expected = new Set<WorkerSlot>();
  #left = POLLS_PER_TURN;

  /** A job was sent to the slot. */
  expect(slot: WorkerSlot): void {
    if (this.#left === 0 || this.#expected.has(slot)) return;
    if (!slot.expectAnswers()) return;
    this.#expected.add(slot);
    if (this.#expected.size === 1) void now.then(this.#look);
  }

  /** The event loop has turned. */
  newTurn(): void {
    this.#left = POLLS_PER_TURN;
  }

  readonly #look = (): void => {
    this.#left -= 1;
    const slots = [...this.#expected];
    this.#expected.clear();
    for (const slot of slots) slot.settleAnswers();
  };
}
