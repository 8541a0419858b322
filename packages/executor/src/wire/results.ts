/*
 * Results on their way from the worker: of a single call the value itself, of a
 * chunk how each call ended.
 */
import { messageOf, ResultNotSerializableError } from '../core/errors.ts';
import type { CallKind, Outcome } from '../core/call-kind.ts';
import {
  encodeThrown,
  decodeThrown,
  type EncodedThrown,
} from './error-codec.ts';
import { sendableThrown } from './thrown.ts';
import { decodeValue, encodeValue, type EncodedValue } from './value-codec.ts';

/** @throws ResultNotSerializableError */
export function encodeResult(name: string, value: unknown): EncodedValue {
  try {
    return encodeValue(value);
  } catch (cause) {
    throw new ResultNotSerializableError(
      `the result of task ${name} cannot be sent back: ${messageOf(cause)}`,
      { cause },
    );
  }
}

type EncodedOutcome =
  { readonly value: unknown } | { readonly thrown: EncodedThrown };

/** A result that cannot be sent fails its own call only. */
export function encodeOutcomes(
  name: string,
  outcomes: readonly Outcome[],
): EncodedValue {
  const encodeOutcome = (outcome: Outcome): EncodedOutcome =>
    'error' in outcome ? { thrown: encodeThrown(outcome.error) } : outcome;
  try {
    return encodeValue(outcomes.map(encodeOutcome));
  } catch {
    // Rare, so that each one is encoded twice.
    return encodeValue(outcomes.map((outcome) => sendable(name, outcome)));
  }
}

/** @returns the value, for a chunk an array of outcomes; or the error why it cannot be read */
export function decodeResult(
  name: string,
  kind: CallKind,
  body: EncodedValue,
): Outcome {
  try {
    const value = decodeValue(body);
    if (kind !== 'chunk') return { value };
    return {
      value: (value as EncodedOutcome[]).map((outcome) =>
        'thrown' in outcome ? { error: decodeThrown(outcome.thrown) } : outcome,
      ),
    };
  } catch (cause) {
    return {
      error: new ResultNotSerializableError(
        `the result of task ${name} cannot be read on arrival: ${messageOf(cause)}`,
        { cause },
      ),
    };
  }
}

function sendable(name: string, outcome: Outcome): EncodedOutcome {
  try {
    if ('value' in outcome) {
      encodeResult(name, outcome.value);
      return outcome;
    }
    return { thrown: sendableThrown(outcome.error) };
  } catch (error) {
    return { thrown: sendableThrown(error) };
  }
}
