import { DownloadFailedError, isDownloadError } from './errors.ts';

/** What became of one download. */
export type Outcome =
  | { readonly cc: string; readonly status: 'OK' }
  | { readonly cc: string; readonly status: 'NOT_FOUND'; readonly url: string }
  | { readonly cc: string; readonly status: 'ERROR'; readonly message: string };

/**
 * The outcome of a download under way: an error of this one download becomes an
 * outcome; any other error would hit the next download too and is thrown.
 */
export async function outcomeOf(
  cc: string,
  download: PromiseLike<Outcome>,
): Promise<Outcome> {
  try {
    return await download;
  } catch (error) {
    if (!isDownloadError(error)) throw error;
    return { cc, status: 'ERROR', message: error.message };
  }
}

/** One line about one download. */
export function outcomeLine(outcome: Outcome): string {
  switch (outcome.status) {
    case 'OK':
      return `${outcome.cc} OK`;
    case 'NOT_FOUND':
      return `${outcome.cc} not found: ${outcome.url}`;
    case 'ERROR':
      return `${outcome.cc} error: ${outcome.message}`;
  }
}

/** @throws {DownloadFailedError} unless the flag was downloaded */
export function requireOk(outcome: Outcome): void {
  if (outcome.status !== 'OK') {
    throw new DownloadFailedError(outcomeLine(outcome));
  }
}
