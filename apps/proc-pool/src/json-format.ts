import type { Format } from './format.ts';

/**
 * JSON Lines: an object a line, which tells what it is by its `type`. Numbers that are
 * checked are strings: most readers of JSON round integers above 2^53.
 */
export const jsonFormat: Format = {
  header: () => undefined,

  result: ({ n, prime, seconds, worker }) =>
    JSON.stringify({ type: 'check', n: String(n), prime, seconds, worker }),

  total: ({ numbers, primes, seconds }, { executor, workers, method }) =>
    JSON.stringify({
      type: 'total',
      numbers,
      primes,
      seconds,
      executor,
      workers,
      method,
    }),

  comparison: ({ seconds, secondsWithOne }, { workers }) =>
    JSON.stringify({
      type: 'speed-up',
      workers,
      seconds,
      secondsWithOne,
      ratio: secondsWithOne / seconds,
    }),
};
