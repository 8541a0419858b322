/* The results as text, for a terminal and for a Markdown document. */
import { machineText } from '../document.mjs';
import { lossLines } from '../loss-lines.mjs';
import { markdownList } from '../markdown-list.mjs';
import { markdownTable } from '../markdown-table.mjs';
import { numberText, ratioText } from '../numbers.mjs';
import { ratioBetween } from '../results.mjs';
import { terminalTable } from '../terminal-table.mjs';

/** @typedef {import('./results.mjs').Result} Result */
/** @typedef {import('./rounds.mjs').Plan} Plan */

const head = ['case', 'unit', 'by', 'median', 'smallest–largest', 'over ours'];

/** The first columns that are no numbers. */
const WORDS = 3;

/** @param {Plan} plan @param {readonly Result[]} results @param {boolean} inColour */
export function terminalText(plan, results, inColour) {
  const lines = results.flatMap(linesOf);
  const failures = failureLines(plan, results);
  return [
    terminalTable(
      head,
      lines.map(({ cells }) => cells),
      {
        left: WORDS,
        colour(line) {
          const ratio = lines[line]?.ratio;
          if (!inColour || ratio === undefined || ratio === null)
            return undefined;
          return ratio >= 1 ? 'green' : 'red';
        },
      },
    ),
    'over ours: above 1 ours is better, the first of each case.',
    ...(failures.length > 0
      ? [`Not measured:\n${failures.map((one) => `  ${one}`).join('\n')}`]
      : []),
  ].join('\n\n');
}

/** @param {Plan} plan @param {readonly Result[]} results */
export const documentText = (plan, results) =>
  [
    machineText(plan),
    markdownTable(
      ['program', 'version', 'used as'],
      plan.programs.map(({ name, version, usage }) => [name, version, usage]),
    ),
    markdownTable(
      head,
      results.flatMap(linesOf).map(({ cells }) => cells),
      { right: head.map((_, i) => i).slice(WORDS) },
    ),
    '### Where the primes are behind',
    markdownList(lossLines(results), 'Nowhere.'),
    '### What of the primes could not be measured',
    markdownList(failureLines(plan, results), 'Nothing.'),
    '### The cases of the primes',
    markdownTable(
      ['case', 'what is measured'],
      results.map(({ of }) => [of.name, of.about]),
    ),
  ].join('\n\n');

/**
 * A line for each value, ours first.
 *
 * @param {Result} result
 */
function linesOf({ of, ours, values }) {
  const own = values.get(ours);
  return [...values].map(([name, value]) => {
    const ratio =
      own === undefined || name === ours
        ? null
        : ratioBetween(of, own.median, value.median);
    return {
      ratio,
      cells: [
        of.name,
        of.unit,
        name,
        valueText(value.median),
        `${valueText(value.min)}–${valueText(value.max)}`,
        ratioText(ratio),
      ],
    };
  });
}

/** Times below a microsecond have three digits, too. @param {number} value */
const valueText = (value) =>
  value < 1 ? value.toPrecision(3) : numberText(value);

/** @param {Plan} plan @param {readonly Result[]} results */
const failureLines = ({ missing }, results) => [
  ...results.flatMap(({ of, failures }) =>
    [...failures].map(([name, reason]) => `${of.name}, ${name}: ${reason}`),
  ),
  ...missing.map((name) => `${name}: it is not installed`),
];
