import { STATUS_CODES } from 'node:http';
import { getSystemErrorMap } from 'node:util';

/** Every code that an error of the downloader can carry. */
export type ErrorCode =
  | 'FLAGS_CONTENT'
  | 'FLAGS_DOWNLOAD_FAILED'
  | 'FLAGS_FILE_NAME'
  | 'FLAGS_FILE_WRITE'
  | 'FLAGS_HTTP_STATUS'
  | 'FLAGS_INPUT'
  | 'FLAGS_INPUT_LINE'
  | 'FLAGS_NETWORK'
  | 'FLAGS_QUEUE'
  | 'FLAGS_REDIRECT'
  | 'FLAGS_SERVER_UNAVAILABLE'
  | 'FLAGS_TIMEOUT'
  | 'FLAGS_USAGE';

/**
 * What the errors of the downloader have in common. `message` is one line for the
 * user. `code` tells them apart, also after an error has come from a worker, on
 * the way from which it loses its class.
 */
export abstract class FlagsError extends Error {
  abstract readonly code: ErrorCode;
  abstract override readonly name: string;
}

/** The command line asks for something impossible. Ends a program with status 2. */
export class UsageError extends FlagsError {
  readonly code = 'FLAGS_USAGE';
  override readonly name = 'UsageError';
  /** The argument that was refused, where there is one. */
  readonly received: string | undefined;

  constructor(message: string, received?: string) {
    super(message);
    this.received = received;
  }
}

/** One download failed. Others may succeed, so a run counts it and goes on. */
export abstract class DownloadError extends FlagsError {
  readonly url: string;

  constructor(message: string, url: string, options?: ErrorOptions) {
    super(message, options);
    this.url = url;
  }
}

/** The server answered with a status that is no success. */
export class HttpStatusError extends DownloadError {
  readonly code = 'FLAGS_HTTP_STATUS';
  override readonly name = 'HttpStatusError';
  readonly status: number;
  /** How long the server asks to wait before the next request, in milliseconds. */
  readonly retryAfter: number | undefined;

  constructor(status: number, url: string, retryAfter?: number) {
    super(
      `HTTP error ${String(status)} - ${STATUS_CODES[status] ?? 'unknown status'}`,
      url,
    );
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

/** The limits that an exchange has. */
export type TimeLimit = 'timeout' | 'connectTimeout' | 'stallTimeout';

/** The exchange was not done in time; the message tells which limit it passed. */
export class DownloadTimeoutError extends DownloadError {
  readonly code = 'FLAGS_TIMEOUT';
  override readonly name = 'DownloadTimeoutError';

  /** @param limit in milliseconds */
  constructor(passed: TimeLimit, limit: number, url: string) {
    super(`${PASSED[passed]} ${String(limit / 1000)} s: ${url}`, url);
  }
}

const PASSED: Record<TimeLimit, string> = {
  timeout: 'timed out after',
  connectTimeout: 'timed out: no connection within',
  stallTimeout: 'timed out: nothing came for',
};

/** There was no complete HTTP answer. `cause` is the error of the connection. */
export class DownloadNetworkError extends DownloadError {
  readonly code = 'FLAGS_NETWORK';
  override readonly name = 'DownloadNetworkError';

  constructor(cause: Error, url: string) {
    super(`${describe(cause)}: ${url}`, url, { cause });
  }
}

/** The answer was complete and not what was asked for. */
export class DownloadContentError extends DownloadError {
  readonly code = 'FLAGS_CONTENT';
  override readonly name = 'DownloadContentError';

  constructor(problem: string, url: string) {
    super(`${problem}: ${url}`, url);
  }
}

/** A redirect leads to where it must not lead, or there are too many. */
export class RedirectError extends DownloadError {
  readonly code = 'FLAGS_REDIRECT';
  override readonly name = 'RedirectError';

  constructor(problem: string, url: string) {
    super(`${problem}: ${url}`, url);
  }
}

/** There can be no file of that name; the next one may be possible. */
export class FileNameError extends DownloadError {
  readonly code = 'FLAGS_FILE_NAME';
  override readonly name = 'FileNameError';

  constructor(path: string, cause: unknown, url: string) {
    super(`cannot write ${path}: ${describe(cause)}`, url, { cause });
  }
}

/** A line of the list of URLs makes no sense. The others count. */
export class InputLineError extends FlagsError {
  readonly code = 'FLAGS_INPUT_LINE';
  override readonly name = 'InputLineError';
}

/** The list of URLs cannot be read. */
export class InputError extends FlagsError {
  readonly code = 'FLAGS_INPUT';
  override readonly name = 'InputError';

  constructor(name: string, cause: unknown) {
    super(`cannot read ${name}: ${describe(cause)}`, { cause });
  }
}

/** A file or its folder cannot be written; the next file would fail too. */
export class FileWriteError extends FlagsError {
  readonly code = 'FLAGS_FILE_WRITE';
  override readonly name = 'FileWriteError';

  constructor(path: string, cause: unknown) {
    super(`cannot write ${path}: ${describe(cause)}`, { cause });
  }
}

/** No flag server answers where one should, and none could be started. */
export class ServerUnavailableError extends FlagsError {
  readonly code = 'FLAGS_SERVER_UNAVAILABLE';
  override readonly name = 'ServerUnavailableError';
}

/** Redis or the workers on its queue cannot do what the run needs. */
export class QueueError extends FlagsError {
  readonly code = 'FLAGS_QUEUE';
  override readonly name = 'QueueError';
}

/** A run that stops at the first failure met one. */
export class DownloadFailedError extends FlagsError {
  readonly code = 'FLAGS_DOWNLOAD_FAILED';
  override readonly name = 'DownloadFailedError';
}

/** Whether its message is written for the user, going by its code. */
export function isFlagsError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    String(error.code).startsWith('FLAGS_')
  );
}

/** One line about an error from elsewhere, with its code. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A connection tried over IPv4 and IPv6 fails with both errors and no message.
  if (error instanceof AggregateError && error.message === '') {
    return describe(error.errors[0]);
  }
  const code =
    'code' in error && typeof error.code === 'string' ? error.code : error.name;
  const system =
    'errno' in error && typeof error.errno === 'number'
      ? getSystemErrorMap().get(error.errno)
      : undefined;
  const message = system?.[1] ?? error.message;
  return message.includes(code) ? message : `${message} (${code})`;
}
