import { TaskInvalidError } from './errors.ts';
import { inlineModule } from './inline-module.ts';
import { taskAt, type Task } from './task.ts';

/**
 * Makes a task of a function by its source text, so that it needs no module of
 * its own. The task runs a copy that has left everything behind: variables
 * around the function do not exist for it, `this` is undefined, and modules must
 * be imported in the function, by an absolute URL or a built-in name. That is so
 * on every executor.
 *
 * @example
 * pool.submit(inline((a: number, b: number) => a + b), 1, 2);
 * @throws TaskInvalidError if the function is native, bound, a class, or its
 *   source does not compile on its own
 */
export function inline<A extends readonly unknown[], R>(
  fn: (...args: A) => R,
): Task<A, Promise<Awaited<R>>> {
  if (typeof fn !== 'function') {
    throw new TaskInvalidError(`inline() needs a function, got ${typeof fn}`);
  }
  const name = fn.name || 'anonymous';
  // The copy has the type of the function, and loading it makes it async.
  return taskAt({ module: inlineModule(name, fn), name }) as Task<
    A,
    Promise<Awaited<R>>
  >;
}
