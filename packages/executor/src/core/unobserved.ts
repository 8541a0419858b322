import { inspect } from 'node:util';
import { AbortError, ExecutorTerminatedError } from './errors.ts';

/**
 * The failed futures that nobody has looked at. What the registry holds for one
 * is text: an error can refer to its future, and would keep it for ever.
 */
const unobserved = new FinalizationRegistry<string>((text) => {
  process.emitWarning(text, 'FutureUnobservedWarning');
});

/**
 * From now on, the failure becomes a warning if the future is garbage collected
 * before markObserved() is called.
 */
export function watchUnobserved(future: object, error: unknown): void {
  // Somebody wanted the task to end: that is no news.
  if (error instanceof AbortError || error instanceof ExecutorTerminatedError) {
    return;
  }
  const text = `a task failed, and nobody has looked at its future: ${shown(error)}
Await the future, or call its result() or exception(). If the failure does not matter, call ignore().`;
  unobserved.register(future, text, future);
}

export function markObserved(future: object): void {
  unobserved.unregister(future);
}

function shown(error: unknown): string {
  try {
    if (error instanceof Error) return error.stack ?? String(error);
    return inspect(error);
  } catch {
    // A getter of the error threw; the future must be settled nevertheless.
    return 'an error that cannot be shown';
  }
}
