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
  /** The slots that were sent something since the last look. */
  #sent: WorkerSlot[] = [];
  #left = POLLS_PER_TURN;

  /** A job was sent to the slot. */
  sent(slot: WorkerSlot): void {
    if (this.#sent.includes(slot)) return;
    this.#sent.push(slot);
    if (this.#left > 0) slot.expectAnswers();
    if (this.#sent.length === 1) void now.then(this.#look);
  }

  /** The event loop has turned. */
  newTurn(): void {
    this.#left = POLLS_PER_TURN;
  }

  readonly #look = (): void => {
    const slots = this.#sent;
    this.#sent = [];
    for (const slot of slots) slot.flush();
    if (this.#left === 0) return;
    this.#left -= 1;
    for (const slot of slots) slot.settleAnswers();
  };
}
