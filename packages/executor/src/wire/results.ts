/*
 * Results on their way from the worker: of a single call the value itself, of a
 * chunk how each call ended.
 */
import type { Outcome } from '../core/call-kind.ts';
import { messageOf, ResultNotSerializableError } from '../core/errors.ts';
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
  outcomes: readonly Outcome[],
  options?: EncodeOptions,
): EncodedValue {
  try {
    return encodeValue(outcomes, options);
  } catch {
    // Rare, so that each one is encoded twice.
    const sendable = outcomes.map((outcome): Outcome => {
      if ('error' in outcome) return sendableError(outcome.error, options);
      try {
        encodeResult(name, outcome.value, options);
        return outcome;
      } catch (error) {
        return sendableError(error, options);
      }
    });
    return encodeValue(sendable, options);
  }
}

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

function sendableError(error: unknown, options?: EncodeOptions): Outcome {
  return { error: decodeThrownBody(encodeThrownBody(error, options)) };
}
