import type { Method } from './check.ts';
import { InputError } from './errors.ts';

/**
 * From here on trial division leaves double arithmetic, and a prime takes minutes or far
 * more.
 */
const TRIAL_DIVISION_END = 2n ** 64n;

/** So much of a number is shown in an error, which is one line. */
const SHOWN = 40;

/**
 * The integer that the text has in decimal digits.
 *
 * @throws {InputError} if it is none, or if the method does not take it
 */
export function parseNumber(text: string, method: Method): bigint {
  if (!/^[+-]?\d+$/.test(text))
    throw new InputError(`expected an integer, got '${shortened(text)}'`);
  const n = BigInt(text.replace('+', '')); // BigInt refuses a plus sign
  if (method === 'trial-division' && n >= TRIAL_DIVISION_END)
    throw new InputError(
      `trial division takes integers below 2^64, got ${shortened(text)}; use --method fast`,
    );
  return n;
}

function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
