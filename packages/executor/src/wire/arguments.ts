import { messageOf, TaskNotSerializableError } from '../core/errors.ts';
import type { TaskAddress } from '../core/task.ts';
import { decodeValue, type EncodedValue } from './value-codec.ts';

/** @throws TaskNotSerializableError */
export function decodeArguments(
  { name }: TaskAddress,
  body: EncodedValue,
): unknown[] {
  try {
    return decodeValue(body) as unknown[]; // what the pool has encoded
  } catch (cause) {
    throw new TaskNotSerializableError(
      `the arguments of task ${name} cannot be read on arrival: ${messageOf(cause)}`,
      { cause },
    );
  }
}
