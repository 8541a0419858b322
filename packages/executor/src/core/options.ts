import { OptionRangeError, OptionTypeError } from './errors.ts';

/** How a value looks in an error message: short, and on one line. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}

/** Returns `value` if it is an integer of at least 0; otherwise throws and names the option. */
export function nonNegativeInteger(name: string, value: unknown): number {
  if (value === 0) return value;
  return positiveInteger(name, value);
}

/** Returns `value` if it is an integer of at least 1; otherwise throws and names the option. */
export function positiveInteger(name: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    throw new OptionTypeError(
      `${name} must be an integer, got ${shown(value)}`,
    );
  }
  if (value < 1) {
    throw new OptionRangeError(
      `${name} must be greater than 0, got ${shown(value)}`,
    );
  }
  return value;
}

/** The longest delay of a timer, in milliseconds; Node turns a longer one into 1 ms. */
const MAX_TIMEOUT = 2 ** 31 - 1;

/**
 * Returns `value` if it is a number of milliseconds that a timer can count, or
 * `undefined` if it is undefined or Infinity (both mean: no limit).
 */
export function timeoutOption(
  name: string,
  value: unknown,
): number | undefined {
  if (value === undefined || value === Infinity) return undefined;
  if (typeof value !== 'number' || Number.isNaN(value)) {
    throw new OptionTypeError(
      `${name} must be a number of milliseconds, got ${shown(value)}`,
    );
  }
  if (value < 0 || value > MAX_TIMEOUT) {
    throw new OptionRangeError(
      `${name} must be from 0 to ${String(MAX_TIMEOUT)} milliseconds, got ${shown(value)}; leave it out for no limit`,
    );
  }
  return value;
}

/** Returns `value` if it is one of `allowed`; otherwise throws and names the option. */
export function oneOf<T extends string>(
  name: string,
  value: unknown,
  allowed: readonly T[],
): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw new OptionTypeError(
    `${name} must be one of ${allowed.join(', ')}, got ${shown(value)}`,
  );
}
