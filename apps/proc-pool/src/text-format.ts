import { wherePhrase } from './executors.ts';
import type { Format } from './format.ts';

/** The lines of the book's programs, and one more for a comparison. */
export const textFormat: Format = {
  header: (run) => `Checking ${run.numbers} ${wherePhrase(run.place)}:`,

  result({ n, prime, seconds }) {
    const number = String(n).padStart(16); // longer ones take what they need
    return `${number}  ${prime ? 'P' : ' '} ${seconds.toFixed(6).padStart(9)}s`;
  },

  total: ({ numbers, seconds }, { asCompleted }) =>
    asCompleted
      ? `${String(numbers)} ${numbers === 1 ? 'check' : 'checks'} in ${seconds.toFixed(2)}s`
      : `Total time: ${seconds.toFixed(2)}s`,

  comparison({ seconds, secondsWithOne }, { place }) {
    const ratio = (secondsWithOne / seconds).toFixed(2);
    return `Speed-up: ${ratio} (1 ${place.executor} took ${secondsWithOne.toFixed(2)}s; one run each, with the start of the workers)`;
  },
};
