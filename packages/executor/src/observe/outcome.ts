import {
  AbortError,
  ExecutorTerminatedError,
  TimeoutError,
  WorkerExitError,
} from '../core/errors.ts';
import type { TaskEnded } from '../core/events.ts';
import type { Outcome } from './span.ts';

/** What became of a run that has ended. */
export function outcomeOf({ failed, thrown, error }: TaskEnded): Outcome {
  if (!failed) return 'returned';
  if (thrown) return 'threw';
  if (error instanceof TimeoutError) return 'timed-out';
  if (error instanceof WorkerExitError) return 'crashed';
  return error instanceof AbortError || error instanceof ExecutorTerminatedError
    ? 'aborted'
    : 'threw';
}
