/**
 * Thrown where a `number` would not be exact. Above 2^53 - 1 it may stand for a neighbour of
 * the integer that was meant, so no answer would be right.
 */
export class UnsafeIntegerError extends RangeError {
  override readonly name = 'UnsafeIntegerError';
  readonly code = 'ERR_UNSAFE_INTEGER';
}

/** @throws {UnsafeIntegerError} unless `value` is a bigint or a safe integer. */
export function assertExactInteger(value: number | bigint): void {
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value))
    throw new UnsafeIntegerError(
      `Expected a bigint or an integer from -(2^53 - 1) to 2^53 - 1, got ${String(value)}; for larger integers pass a bigint`,
    );
}
