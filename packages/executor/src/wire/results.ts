/*
 * Results on their way from the worker: of a single call the value itself, of a
 * chunk how each call ended.
 */
import type { ChunkOutcomes } from '../core/call-kind.ts';
import { messageOf, ResultNotSerializableError } from '../core/errors.ts';
import { packed } from './pack.ts';
import { decodeThrownBody, encodeThrownBody } from './thrown.ts';
import {
  decodeValue,
  encodeValue,
  type EncodedValue,
  type EncodeOptions,
} from './value-codec.ts';

/** @throws ResultNotSerializableError */
export function encodeResult(
  name: string,
  value: unknown,
  options?: EncodeOptions,
): EncodedValue {
  try {
    return encodeValue(value, options);
  } catch (cause) {
    throw new ResultNotSerializableError(
      `the result of task ${name} cannot be sent back: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** A result that cannot be sent fails its own call only. */
export function encodeOutcomes(
  name: string,
  outcomes: ChunkOutcomes,
  options?: EncodeOptions,
): EncodedValue {
  const values = packed(outcomes.values);
  try {
    return encodeValue({ ...outcomes, values }, options);
  } catch {
    return encodeValue(sendable(name, outcomes, options), options);
  }
}

/** Rare, so that what can be sent is encoded once more. */
function sendable(
  name: string,
  { values, failed, errors }: ChunkOutcomes,
  options?: EncodeOptions,
): ChunkOutcomes {
  const sendableValues = Array.from(values);
  const allFailed = [...failed];
  const allErrors = [...errors];
  sendableValues.forEach((value, index) => {
    try {
      encodeResult(name, value, options);
    } catch (error) {
      sendableValues[index] = undefined;
      allFailed.push(index);
      allErrors.push(error);
    }
  });
  return {
    values: sendableValues,
    failed: allFailed,
    errors: allErrors.map((error) =>
      decodeThrownBody(encodeThrownBody(error, options)),
    ),
  };
}

/** A value, or the error why there is none. */
type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** The value, or the error why it cannot be read. */
export function decodeResult(name: string, body: EncodedValue): Outcome {
  try {
    return { value: decodeValue(body) };
  } catch (cause) {
    return {
      error: new ResultNotSerializableError(
        `the result of task ${name} cannot be read on arrival: ${messageOf(cause)}`,
        { cause },
      ),
    };
  }
}
