import type { Failed } from '../exchange/exchange.ts';

/** In milliseconds: a server that asks for more has no answer for this run. */
const MAX_RETRY_AFTER = 120_000;

/** In milliseconds: the bound of the first pause; it doubles up to the longest. */
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

/** Statuses that may pass, beside those from 500 on. */
const TRANSIENT: readonly number[] = [408, 425, 429];

/**
 * How long to wait before a failed request is made again, in milliseconds;
 * undefined if that is no use.
 *
 * Without a wish of the server, a random time below a bound that doubles with each
 * attempt ("full jitter": Brooker, Exponential Backoff And Jitter, AWS, 2015), so
 * that many clients do not come back at once. With one, up to a tenth more.
 *
 * @param attempt how many there have been
 */
export function pauseBefore(
  failure: Failed,
  attempt: number,
  random: () => number = Math.random,
): number | undefined {
  const { code, status = 0, permanent = false, retryAfter } = failure;
  const mayPass =
    (code === 'FLAGS_NETWORK' && !permanent) ||
    code === 'FLAGS_TIMEOUT' ||
    status >= 500 ||
    TRANSIENT.includes(status);
  if (!mayPass) return undefined;
  if (retryAfter !== undefined) {
    return retryAfter > MAX_RETRY_AFTER
      ? undefined
      : retryAfter * (1 + random() / 10);
  }
  return random() * Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (attempt - 1));
}
