import {
  ResultNotSerializableError,
  TaskNotSerializableError,
} from '../core/errors.ts';
import { encodeThrown } from './error-codec.ts';
import type { WorkerMessage } from './protocol.ts';

/** The answer to a run whose arguments, or for a result that, could be sent but not be read. */
export function rejectUnread(
  what: 'arguments' | 'result',
  id: number,
  cause: unknown,
): WorkerMessage {
  const ErrorClass =
    what === 'result' ? ResultNotSerializableError : TaskNotSerializableError;
  const error = new ErrorClass(
    `the ${what} of the task cannot be read on arrival: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
  return { type: 'rejected', id, thrown: encodeThrown(error), aborted: false };
}
