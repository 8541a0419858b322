import { DownloadFailedError, type ErrorCode } from '../errors.ts';
import type { Validators } from '../exchange/exchange.ts';

/** What became of one download. */
export type Outcome = Found | NotFound | Failure;

interface Common {
  /** What the user knows the download by: a country code or the name of the file. */
  readonly label: string;
  /** How often it was tried. */
  readonly attempts: number;
  /** From the first request to the end, in milliseconds. */
  readonly elapsed: number;
}

/** The file is there. */
export interface Found extends Common, Validators {
  /** `UNCHANGED`: the server says that it is still the same; `PRESENT`: nobody was asked. */
  readonly status: 'OK' | 'UNCHANGED' | 'PRESENT';
  readonly url: string;
  /** Path in the folder, with `/`. */
  readonly file: string;
  readonly bytes: number;
}

/** The server answered that there is no such file. */
export interface NotFound extends Common {
  readonly status: 'NOT_FOUND';
  readonly url: string;
}

export interface Failure extends Common {
  readonly status: 'ERROR';
  /** Undefined for a line of a list that has none. */
  readonly url?: string | undefined;
  readonly code: ErrorCode;
  /** One line for the user. */
  readonly message: string;
}

/** What an earlier run knows of a file. */
export type KnownFile = Pick<
  Found,
  'url' | 'file' | 'bytes' | 'etag' | 'lastModified'
>;

/** How many downloads ended in each way. */
export type Tally = Record<Outcome['status'], number>;

/**
 * One line about one download.
 *
 * @param withUrl whether errors need their URL: a country code tells it already
 */
export function outcomeLine(outcome: Outcome, withUrl = false): string {
  switch (outcome.status) {
    case 'OK':
      return `${outcome.label} OK`;
    case 'UNCHANGED':
      return `${outcome.label} unchanged`;
    case 'PRESENT':
      return `${outcome.label} already there`;
    case 'NOT_FOUND':
      return `${outcome.label} not found: ${outcome.url}`;
    case 'ERROR': {
      const { label, message, url = '' } = outcome;
      const isTold = !withUrl || message.includes(url);
      return `${label} error: ${message}${isTold ? '' : `: ${url}`}`;
    }
  }
}

/** Whether the file of a download is there, however it came. */
export function isFound(outcome: Outcome): outcome is Found {
  return 'file' in outcome;
}

/** @throws {DownloadFailedError} unless the file is there */
export function requireFound(outcome: Outcome): void {
  if (!isFound(outcome)) throw new DownloadFailedError(outcomeLine(outcome));
}
