import type { Format } from './format.ts';

/**
 * JSON Lines: an object a line, which tells what it is by its `type`. Numbers that are
 * checked are strings: most readers of JSON round integers above 2^53.
 */
export const jsonFormat: Format = {
  header: () => undefined,

  result: ({ n, prime, seconds, worker }) =>
    JSON.stringify({ type: 'check', n: String(n), prime, seconds, worker }),

  total: ({ numbers, primes, seconds }, { place, method }) =>
    JSON.stringify({
      type: 'total',
      numbers,
      primes,
      seconds,
      executor: place.executor,
      workers: place.workers, // left out if it is not known
      method,
    }),

  comparison: ({ seconds, secondsWithOne }, { place }) =>
    JSON.stringify({
      type: 'speed-up',
      workers: place.workers,
      seconds,
      secondsWithOne,
      ratio: secondsWithOne / seconds,
    }),
};
