/*
 * What was thrown, as the body of a message.
 */
import { messageOf, ResultNotSerializableError } from '../core/errors.ts';
import { inspect } from './inspect.ts';
import {
  decodeValue,
  encodeValue,
  type EncodedValue,
  type EncodeOptions,
} from './value-codec.ts';

/** Never throws: where something in it cannot be sent, what can be shown of it is sent. */
export function encodeThrownBody(
  thrown: unknown,
  options?: EncodeOptions,
): EncodedValue {
  try {
    return encodeValue(thrown, options);
  } catch {
    return encodeValue(shown(thrown));
  }
}

/** Never throws: what cannot be read becomes an error that says so. */
export function decodeThrownBody(body: EncodedValue): unknown {
  try {
    return decodeValue(body);
  } catch (cause) {
    return new ResultNotSerializableError(
      `what the task threw cannot be read on arrival: ${messageOf(cause)}`,
      { cause },
    );
  }
}

function shown(thrown: unknown): string {
  try {
    return inspect(thrown);
  } catch {
    return typeof thrown; // its own code failed
  }
}
