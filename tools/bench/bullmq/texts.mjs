/* The results as text, for a terminal and for a Markdown document. */
import { machineText } from '../document.mjs';
import { lossLines } from '../loss-lines.mjs';
import { markdownList } from '../markdown-list.mjs';
import { markdownTable } from '../markdown-table.mjs';
import { ratioText, valueText } from '../numbers.mjs';
import { ratioBetween } from '../results.mjs';
import { terminalTable } from '../terminal-table.mjs';
import { readVersions } from '../versions.mjs';
import { contenders } from './columns.mjs';

/** @typedef {import('./results.mjs').Result} Result */

const head = ['case', 'unit', 'by', 'median', 'smallest–largest', 'over it'];

/** The first columns that are no numbers. */
const WORDS = 3;

/** @param {readonly Result[]} results @param {boolean} inColour */
export function terminalText(results, inColour) {
  const lines = results.flatMap(linesOf);
  const failures = failureLines(results);
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
    'over it: ours over this one; above 1 ours is better.',
    ...(failures.length > 0
      ? [`Not measured:\n${failures.map((one) => `  ${one}`).join('\n')}`]
      : []),
  ].join('\n\n');
}

/**
 * @param {import('./rounds.mjs').Plan} plan
 * @param {readonly Result[]} results
 * @param {string} redisVersion
 */
export function documentText(plan, results, redisVersion) {
  const versions = readVersions();
  return [
    machineText(plan),
    markdownTable(
      ['program', 'version'],
      [
        ...['executor-bullmq', 'bullmq', 'ioredis'].map((name) => [
          name,
          versions[name] ?? 'unknown',
        ]),
        ['redis-server', redisVersion],
      ],
    ),
    markdownTable(
      ['name', 'used as'],
      contenders
        .filter(({ name }) => plan.contenders.includes(name))
        .map(({ name, usage }) => [name, usage]),
    ),
    markdownTable(
      head,
      results.flatMap(linesOf).map(({ cells }) => cells),
      { right: head.map((_, i) => i).slice(WORDS) },
    ),
    '### Where the executor over BullMQ is behind',
    markdownList(lossLines(results), 'Nowhere.'),
    '### What of BullMQ could not be measured',
    markdownList(failureLines(results), 'Nothing.'),
    '### The cases of BullMQ',
    markdownTable(
      ['case', 'what is measured'],
      results.map(({ of }) => [of.name, of.about]),
    ),
  ].join('\n\n');
}

/** A line for each value, ours first. @param {Result} result */
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
        valueText(of, value.median),
        `${valueText(of, value.min)}–${valueText(of, value.max)}`,
        ratioText(ratio),
      ],
    };
  });
}

/** @param {readonly Result[]} results */
const failureLines = (results) =>
  results.flatMap(({ of, failures }) =>
    [...failures].map(([name, reason]) => `${of.name}, ${name}: ${reason}`),
  );
