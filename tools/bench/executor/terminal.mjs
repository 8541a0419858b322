/* The results as text for a terminal of 100 columns. */
import { styleText } from 'node:util';
import { backends } from './columns.mjs';
import { ratioOf } from './results.mjs';
import { failureLines, medianTable } from './table.mjs';

/** @typedef {import('./results.mjs').Result} Result */

const titles = { thread: 'Threads', process: 'Processes' };

/** @param {readonly Result[]} results @param {boolean} inColour */
export function resultsText(results, inColour) {
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
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((line) => line[column]?.length ?? 0)),
  );
  const text = (/** @type {readonly string[]} */ line) =>
    line
      .map((field, column) =>
        column < 2
          ? field.padEnd(widths[column] ?? 0)
          : field.padStart(widths[column] ?? 0),
      )
      .join(' ');
  const lines = body.map((line, i) => {
    const ratio = results[i] && ratioOf(results[i]);
    if (!inColour || ratio === null || ratio === undefined) return text(line);
    return styleText(ratio >= 1 ? 'green' : 'red', text(line));
  });
  return [text(head), ...lines].join('\n');
}
