import type { Outcome } from '../core/call-kind.ts';
import { messageOf, TaskNotSerializableError } from '../core/errors.ts';
import type { TaskRun } from '../core/task-context.ts';
import type { RunMessage } from '../wire/protocol.ts';
import { decodeValue } from '../wire/value-codec.ts';
import type { KnownTask, LoadedFunction } from './loaded-tasks.ts';

/** A task that was sent and is not answered. */
export interface Run {
  readonly id: number;
  readonly place: number;
  readonly task: KnownTask;
  readonly context: TaskRun;
  /** Undefined if it came through shared memory. */
  readonly message: RunMessage | undefined;
}

/** @throws TaskNotSerializableError */
export function decodeArguments({ task, body }: RunMessage): unknown[] {
  try {
    return decodeValue(body) as unknown[]; // what the pool has encoded
  } catch (cause) {
    throw new TaskNotSerializableError(
      `the arguments of task ${task.name} cannot be read on arrival: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** The calls of a chunk, one after the other. One that throws does not end the others. */
export async function runChunk(
  fn: LoadedFunction,
  calls: readonly unknown[],
  context: TaskRun,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const args of calls as readonly (readonly unknown[])[]) {
    try {
      outcomes.push({ value: await context.call(fn, args) });
    } catch (error) {
      if (context.isAbortion(error)) throw error;
      outcomes.push({ error });
    }
    context.throwIfAborted();
  }
  return outcomes;
}
