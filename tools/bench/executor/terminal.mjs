/* The results as text for a terminal of 100 columns. */
import { ratioOf } from '../results.mjs';
import { terminalTable } from '../terminal-table.mjs';
import { backends } from './columns.mjs';
import { failureLines, medianTable } from './table.mjs';

/** @typedef {import('./results.mjs').Result} Result */

const titles = { thread: 'Threads', process: 'Processes' };

/** @param {readonly Result[]} results @param {boolean} inColour */
export function terminalText(results, inColour) {
  const tables = backends.flatMap((backend) => {
    const own = results.filter((result) => result.backend === backend);
    return own.length > 0
      ? [`${titles[backend]}\n${tableText(own, inColour)}`]
      : [];
  });
  const failures = failureLines(results);
  return [
    ...tables,
    'ratio: the executor over the best other library; above 1 it is better.',
    ...(failures.length > 0
      ? [
          `Could not be measured:\n${failures.map((one) => `  ${one}`).join('\n')}`,
        ]
      : []),
  ].join('\n\n');
}

/** @param {readonly Result[]} results @param {boolean} inColour */
function tableText(results, inColour) {
  const { head, body } = medianTable(results);
  return terminalTable(head, body, {
    left: 2,
    colour(line) {
      const ratio = results[line] && ratioOf(results[line]);
      if (!inColour || ratio === null || ratio === undefined) return undefined;
      return ratio >= 1 ? 'green' : 'red';
    },
  });
}
