import { inspect } from 'node:util';
import { FlagServerOptionError } from './errors.ts';
import { FAULT_KINDS, FAULTS, type FaultKind } from './fault-kinds.ts';

/** The numbers that some kinds of faults can be given; `FAULTS` tells which kind takes which. */
export interface FaultParameters {
  /** error: the HTTP status, 400 to 599. Default: 418. */
  readonly status?: number;
  /** too-many, unavailable: seconds in Retry-After. Default: 1. */
  readonly retryAfter?: number;
  /** too-many, unavailable: the same as an HTTP date, in place of `retryAfter`. */
  readonly retryAfterDate?: number;
  /** redirect, redirect-origin: redirects on the way to the file. Default: 3 and 1. */
  readonly hops?: number;
  /**
   * reset-body, stall-body, truncate: bytes of the body that come first, at most all but
   * one. Default: half of them. oversize: length of the whole body. Default: no end.
   */
  readonly bytes?: number;
  /** drip: the speed of the body. Default: 1000. */
  readonly bytesPerSecond?: number;
  /** wrong-length: Content-Length less the bytes that come. Default: 1. */
  readonly difference?: number;
}

/** Which requests fail, and how. */
export interface FaultRule extends FaultParameters {
  readonly kind: FaultKind;
  /** The share of requests that fail so, 0 to 1. Default: 1. */
  readonly rate?: number;
  /** The rule holds only for the first so many requests for each path. Default: for all. */
  readonly times?: number;
}

/** What is asked of every kind of fault, in the order in which a text can tell it without names. */
const COMMON_PARAMETERS = ['rate', 'times'];

/**
 * Refuses rules that make no sense, also from programs without types.
 *
 * @throws {FlagServerOptionError}
 */
export function checkFaultRule(rule: FaultRule): void {
  checkFaultKind(rule.kind);
  if (rule.retryAfter !== undefined && rule.retryAfterDate !== undefined) {
    throw new FlagServerOptionError(
      `fault ${rule.kind} takes retryAfter or retryAfterDate, not both`,
    );
  }
  for (const [name, value] of Object.entries(rule)) {
    if (name !== 'kind') checkParameter(rule.kind, name, value);
  }
}

/** @throws {FlagServerOptionError} when there is no such kind */
export function checkFaultKind(kind: string): asserts kind is FaultKind {
  if (Object.hasOwn(FAULTS, kind)) return;
  throw new FlagServerOptionError(
    `fault must be one of ${FAULT_KINDS.join(', ')}, not ${JSON.stringify(kind)}`,
  );
}

/** The names of the parameters that belong to a kind, without those that all kinds have. */
export function parameterNames(kind: FaultKind): readonly string[] {
  return Object.keys(FAULTS[kind].parameters);
}

function checkParameter(kind: FaultKind, name: string, value: unknown): void {
  if (value === undefined) return;
  const refuse = (expected: string) =>
    new FlagServerOptionError(
      `${name} of fault ${kind} must be ${expected}, not ${inspect(value)}`,
    );
  if (name === 'rate') {
    // Written so that NaN is refused too.
    if (!(typeof value === 'number' && value >= 0 && value <= 1)) {
      throw refuse('from 0 to 1');
    }
    return;
  }
  const range = rangeOf(kind, name);
  if (!range) {
    const names = [...parameterNames(kind), ...COMMON_PARAMETERS].join(', ');
    throw new FlagServerOptionError(
      `fault ${kind} takes ${names}, not ${JSON.stringify(name)}`,
    );
  }
  const { min, max } = range;
  if (!Number.isInteger(value) || Number(value) < min || Number(value) > max) {
    throw refuse(`an integer from ${String(min)} to ${String(max)}`);
  }
}

function rangeOf(
  kind: FaultKind,
  name: string,
): { readonly min: number; readonly max: number } | undefined {
  if (name === 'times') return { min: 1, max: Number.MAX_SAFE_INTEGER };
  const parameters: Readonly<
    Record<string, { readonly min: number; readonly max: number }>
  > = FAULTS[kind].parameters;
  return Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}
