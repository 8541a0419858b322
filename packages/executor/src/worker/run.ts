import type { CallKind, ChunkOutcomes } from '../core/call-kind.ts';
import type { TaskRun } from '../core/task-context.ts';
import { isThenable } from '../core/thenable.ts';
import type { EncodedValue } from '../wire/encoded-value.ts';
import type { KnownTask, LoadedFunction } from './loaded-tasks.ts';

/** A task that was sent and is not answered. */
export interface Run {
  readonly id: number;
  readonly place: number;
  readonly task: KnownTask;
  readonly context: TaskRun;
  readonly kind: CallKind;
  /** Of a stream: see RunMessage. */
  readonly room: number;
  /** Its small arguments, if they came by a message. */
  readonly args: readonly unknown[] | undefined;
  /** Its encoded arguments. If there are neither, they are small, and lie in its place. */
  readonly body: EncodedValue | undefined;
  /** Whether its times are asked for. */
  readonly isTimed: boolean;
  /** When it began, if they are. */
  startedAt: number;
}

/**
 * The calls of a chunk, one after the other. One that throws does not end the others.
 *
 * @param columns for each parameter its values
 */
export function runChunk(
  fn: LoadedFunction,
  columns: readonly ArrayLike<unknown>[],
  context: TaskRun,
): unknown {
  // In the context of the task once for all.
  return context.call(() => runCalls(fn, columns, context), []);
}

async function runCalls(
  fn: LoadedFunction,
  columns: readonly ArrayLike<unknown>[],
  context: TaskRun,
): Promise<ChunkOutcomes> {
  const [first = [], ...others] = columns;
  const values: unknown[] = [];
  const failed: number[] = [];
  const errors: unknown[] = [];
  for (let index = 0; index < first.length; index += 1) {
    try {
      const result =
        others.length === 0
          ? fn(first[index])
          : fn(...columns.map((column) => column[index]));
      // Waited for only if it must be: that takes longer than many a call.
      values.push(isThenable(result) ? await result : result);
    } catch (error) {
      if (context.isAbortion(error)) throw error;
      values.push(undefined);
      failed.push(index);
      errors.push(error);
    }
    context.throwIfAborted();
  }
  return { values, failed, errors };
}
