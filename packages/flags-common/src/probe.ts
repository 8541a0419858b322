import { get, getFlag } from './client.ts';
import { Deadline } from './deadline.ts';
import {
  DownloadNetworkError,
  HttpStatusError,
  isDownloadError,
} from './errors.ts';
import { parseJson } from './json.ts';
import { IDENTITY_PATH, PROGRAM } from './server/identity.ts';

/** What stands at the address of a flag server. */
export type Occupant =
  | { readonly kind: 'nothing' }
  /** Serves flags for as long as somebody wants it to. */
  | { readonly kind: 'standing' }
  /** Serves flags, and ends with the run of a program that started it. */
  | { readonly kind: 'embedded' }
  /** Is something else; `reason` is how it shows. */
  | { readonly kind: 'foreign'; readonly reason: string };

/**
 * How often the question is put to what ends the connection without an answer. The
 * embedded server of a run that is over does so once; then nothing listens there.
 */
const ASKED = 3;

/**
 * Finds out what listens at `url`, by asking. Our own servers identify themselves
 * at once. Any other HTTP server will do if it has the flag of China, or refuses
 * it with 418, as the error server of the book does.
 *
 * @param timeout for each question, in milliseconds
 */
export async function probe(url: string, timeout: number): Promise<Occupant> {
  return (await askForIdentity(url, timeout)) ?? askForFlag(url, timeout);
}

async function askForIdentity(
  url: string,
  timeout: number,
  asked = 1,
): Promise<Occupant | undefined> {
  using deadline = new Deadline(timeout);
  try {
    const { body } = await get(new URL(IDENTITY_PATH, url).href, deadline);
    const identity = parseJson(body);
    if (identity?.['program'] !== PROGRAM) return undefined;
    return { kind: identity['embedded'] === true ? 'embedded' : 'standing' };
  } catch (error) {
    if (!isDownloadError(error)) throw error;
    if (error instanceof HttpStatusError) return undefined;
    if (error instanceof DownloadNetworkError) {
      if (isRefusal(error.cause)) return { kind: 'nothing' };
      if (asked < ASKED) return await askForIdentity(url, timeout, asked + 1);
    }
    return { kind: 'foreign', reason: error.message };
  }
}

async function askForFlag(url: string, timeout: number): Promise<Occupant> {
  using deadline = new Deadline(timeout);
  try {
    await getFlag(url, 'cn', deadline);
    return { kind: 'standing' };
  } catch (error) {
    if (!isDownloadError(error)) throw error;
    if (!(error instanceof HttpStatusError)) {
      return { kind: 'foreign', reason: error.message };
    }
    return error.status === 418
      ? { kind: 'standing' }
      : { kind: 'foreign', reason: `${error.message}: ${error.url}` };
  }
}

/** Whether no address of the host has a listener; one without IPv6 has fewer. */
function isRefusal(cause: unknown): boolean {
  const attempts: unknown[] =
    cause instanceof AggregateError ? cause.errors : [cause];
  return attempts.every(
    (attempt) =>
      attempt instanceof Error &&
      'code' in attempt &&
      ['EADDRNOTAVAIL', 'ECONNREFUSED', 'ENETUNREACH'].includes(
        String(attempt.code),
      ),
  );
}
