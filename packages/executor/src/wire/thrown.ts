/*
 * What was thrown, as the body of a message.
 */
import { messageOf, ResultNotSerializableError } from '../core/errors.ts';
import {
  decodeThrown,
  encodeThrown,
  type EncodedThrown,
} from './error-codec.ts';
import { decodeValue, encodeValue, type EncodedValue } from './value-codec.ts';

/** Never throws: where something in it cannot be sent, what can be shown of it is sent. */
export function encodeThrownBody(thrown: unknown): EncodedValue {
  try {
    return encodeValue(encodeThrown(thrown));
  } catch {
    return encodeValue(encodeThrown(thrown, { display: true }));
  }
}

/** What was thrown, with nothing in it that cannot be sent. */
export function sendableThrown(thrown: unknown): EncodedThrown {
  return decodeValue(encodeThrownBody(thrown)) as EncodedThrown; // just written
}

/** Never throws: what cannot be read becomes an error that says so. */
export function decodeThrownBody(body: EncodedValue): unknown {
  try {
    return decodeThrown(decodeValue(body) as EncodedThrown); // what the other end wrote
  } catch (cause) {
    return new ResultNotSerializableError(
      `what the task threw cannot be read on arrival: ${messageOf(cause)}`,
      { cause },
    );
  }
}
