import type { TaskAddress } from '../core/task.ts';

/** The numbers that stand for tasks in one worker, in the order in which it got to know them. */
export class TaskNumbers {
  // Weak: tasks can be made at run time, and forgotten.
  readonly #numbers = new WeakMap<TaskAddress, number>();
  #count = 0;
  // Mostly it is the same one again, which then need not be looked up.
  #last: TaskAddress | undefined;
  #lastNumber: number | undefined;

  /** Undefined if the worker does not know the task. */
  get(task: TaskAddress): number | undefined {
    if (task !== this.#last) {
      this.#last = task;
      this.#lastNumber = this.#numbers.get(task);
    }
    return this.#lastNumber;
  }

  /** The number of the task that the worker gets to know next. */
  get next(): number {
    return this.#count;
  }

  /** The worker was sent the task with the next number. */
  add(task: TaskAddress): void {
    this.#numbers.set(task, this.#count);
    this.#last = task;
    this.#lastNumber = this.#count;
    this.#count += 1;
  }
}
