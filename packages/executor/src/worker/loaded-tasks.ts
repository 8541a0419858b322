import { loadTaskInWorker, type TaskAddress } from '../core/task.ts';
import { loadModule } from './load-module.ts';

export type LoadedFunction = (...args: readonly unknown[]) => unknown;

/** A task that this worker was sent, and its function once that is loaded. */
export interface KnownTask {
  readonly address: TaskAddress;
  fn: LoadedFunction | undefined;
}

/** The tasks that this worker knows, by the numbers that the host has given them. */
export class LoadedTasks {
  readonly #tasks: KnownTask[] = [];

  /** What the number stands for from now on. */
  add(number: number, address: TaskAddress): KnownTask {
    const task = { address, fn: undefined };
    this.#tasks[number] = task;
    return task;
  }

  /** One that came in a `run` message before: the host sends the address first. */
  get(number: number): KnownTask {
    const task = this.#tasks[number];
    if (task === undefined) throw new RangeError(`no task ${String(number)}`);
    return task;
  }

  /**
   * Imports its module, if that has not succeeded before: import() of a loaded
   * module still costs a promise or two for each task.
   */
  async load(task: KnownTask): Promise<LoadedFunction> {
    return (task.fn ??= await loadTaskInWorker(task.address, loadModule));
  }
}
