import { resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { SERVER_LABELS, type ServerLabel } from '../servers.ts';

// Each reads the value of one option: what commander calls an argParser.

/** In seconds: a day. */
const MAX_SECONDS = 86_400;

export function integer(
  option: string,
  min: number,
): (value: string) => number {
  return (value) => {
    if (!/^[+-]?\d+$/.test(value)) {
      throw new UsageError(`${option} must be an integer`, value);
    }
    if (Number(value) < min) {
      throw new UsageError(`${option} must be >= ${String(min)}`, value);
    }
    return Number(value);
  };
}

/** In milliseconds. */
export function seconds(option: string): (value: string) => number {
  return (value) => {
    const time = Math.round(Number(value) * 1000);
    if (!(value.trim() !== '' && time >= 1 && time <= MAX_SECONDS * 1000)) {
      throw new UsageError(
        `${option} must be a number of seconds from 0.001 to ${String(MAX_SECONDS)}`,
        value,
      );
    }
    return time;
  };
}

export function requestsPerSecond(value: string): number {
  const rate = Number(value);
  if (!(value.trim() !== '' && rate > 0 && rate < Infinity)) {
    throw new UsageError(
      '--rate must be a number of requests a second above 0',
      value,
    );
  }
  return rate;
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  K: 1e3,
  M: 1e6,
  G: 1e9,
};

export function byteCount(value: string): number {
  const [, number, unit = ''] =
    /^(\d+(?:\.\d+)?)([KMG]?)B?$/i.exec(value) ?? [];
  const bytes = Math.floor(Number(number) * (UNITS[unit.toUpperCase()] ?? 1));
  if (!(bytes >= 1)) {
    throw new UsageError(
      '--max-size must be a number of bytes such as 500K, 10M or 2G',
      value,
    );
  }
  return bytes;
}

export function serverLabel(value: string): ServerLabel {
  const label = SERVER_LABELS.find((known) => known === value.toUpperCase());
  if (label === undefined) {
    throw new UsageError(
      `--server must be one of ${SERVER_LABELS.join(', ')}`,
      value,
    );
  }
  return label;
}

/** Absolute. */
export function path(option: string, what: string): (value: string) => string {
  return (value) => {
    if (value === '')
      throw new UsageError(`${option} must name ${what}`, value);
    return resolve(value);
  };
}

export function inputFile(value: string): string {
  if (value === '') {
    throw new UsageError(
      '--input must name a file, or be - for standard input',
      value,
    );
  }
  return value;
}

export function oneOf<T extends string>(
  option: string,
  choices: readonly T[],
): (value: string) => T {
  return (value) => {
    const choice = choices.find((known) => known === value);
    if (choice === undefined) {
      throw new UsageError(`${option} must be ${choices.join(', ')}`, value);
    }
    return choice;
  };
}

export function proxyUrl(value: string): string {
  if (value === 'none') return value;
  if (!/^https?:\/\//i.test(value) || !URL.canParse(value)) {
    // Not what was given: it may hold a password.
    throw new UsageError(
      '--proxy must be a URL such as http://localhost:3128, or none',
    );
  }
  return value;
}
