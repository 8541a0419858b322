/* The results in a Markdown document, between two comments that mark their place. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { markdownTable } from '../markdown-table.mjs';
import { readVersions } from '../versions.mjs';
import { backends, OURS, PYTHON, pythonVersion } from './columns.mjs';
import { numberText, ratioText } from './numbers.mjs';
import { ratioOf } from './results.mjs';
import {
  failureLines,
  librariesOf,
  medianTable,
  spreadTable,
} from './table.mjs';

/** @typedef {import('./results.mjs').Result} Result */

const START = '<!-- npm run bench -- executor: start of what it writes -->';
const END = '<!-- npm run bench -- executor: end of what it writes -->';

const titles = { thread: 'Threads', process: 'Processes' };
const GIB = 2 ** 30;

/** Why the document cannot be written; undefined if it can. @param {string} path */
export function whyNotWritable(path) {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  const start = text.indexOf(START);
  if (start !== -1 && text.indexOf(END) > start) return undefined;
  return `${path} must have the lines ${START} and ${END}, between which the results go`;
}

/**
 * Puts the results in their place, or makes a new document.
 *
 * @param {string} path
 * @param {readonly Result[]} results
 * @param {import('./rounds.mjs').Plan} plan
 */
export function writeDocument(path, results, plan) {
  const block = `${START}\n\n${resultsText(results, plan)}\n\n${END}`;
  if (!existsSync(path)) {
    writeFileSync(path, `# Benchmarks\n\n${block}\n`);
    return;
  }
  const text = readFileSync(path, 'utf8');
  const before = text.slice(0, text.indexOf(START));
  const after = text.slice(text.indexOf(END) + END.length);
  writeFileSync(path, `${before}${block}${after}`);
}

/** @param {readonly Result[]} results @param {import('./rounds.mjs').Plan} plan */
function resultsText(results, plan) {
  const failures = failureLines(results);
  return [
    machineText(plan),
    versionsTable(results),
    ...backendTexts(results, 'Results', medianTable),
    '### Where the executor is behind',
    lossesText(results),
    '### What could not be measured',
    failures.length > 0 ? failures.map(listItem).join('\n') : 'Nothing.',
    '### The cases',
    markdownTable(
      ['case', 'what is measured'],
      [...new Set(results.map(({ of }) => of))].map(({ name, about }) => [
        name,
        about,
      ]),
    ),
    ...backendTexts(results, 'Spread: smallest to largest value', spreadTable),
  ].join('\n\n');
}

/** @param {import('./rounds.mjs').Plan} plan */
function machineText({ rounds, quick }) {
  const [cpu] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  const times = rounds === 1 ? '1 round' : `${String(rounds)} rounds`;
  const caveat = quick
    ? ' This was a run with --quick: fewer tasks than told below, and only good for a look.'
    : '';
  return `Run on ${date} with Node.js ${process.versions.node} on ${platform()} ${arch()}, ${String(availableParallelism())} processors (${cpu?.model.trim() ?? 'of unknown kind'}), ${numberText(totalmem() / GIB)} GiB of memory, in ${times}.${caveat}`;
}

/** @param {readonly Result[]} results */
function versionsTable(results) {
  const versions = readVersions();
  return markdownTable(
    ['library', 'version'],
    librariesOf(results).map((library) => [
      library,
      (library === PYTHON ? pythonVersion() : versions[library]) ?? 'unknown',
    ]),
  );
}

/**
 * @param {readonly Result[]} results
 * @param {string} title
 * @param {typeof medianTable} tableOf
 */
function backendTexts(results, title, tableOf) {
  return backends.flatMap((backend) => {
    const own = results.filter((result) => result.backend === backend);
    if (own.length === 0) return [];
    const { head, body } = tableOf(own);
    const numbers = head.map((_, i) => i).slice(2);
    return [
      `### ${titles[backend]}: ${title[0]?.toLowerCase() ?? ''}${title.slice(1)}`,
      markdownTable(head, body, { right: numbers }),
    ];
  });
}

/** Rows where another library is better. @param {readonly Result[]} results */
function lossesText(results) {
  const lines = results.flatMap((result) => {
    const ratio = ratioOf(result);
    if (ratio === null || ratio >= 1) return [];
    const { of, backend, values } = result;
    const sorted = [...values]
      .filter(([library]) => library !== OURS)
      .sort(([, a], [, b]) => a.median - b.median);
    const best = of.better === 'higher' ? sorted.at(-1) : sorted[0];
    const ours = values.get(OURS);
    if (!best || !ours) return [];
    return `${of.name}, ${backend}: ${numberText(ours.median)} ${of.unit}, ${best[0]} ${numberText(best[1].median)} (${ratioText(ratio)})`;
  });
  return lines.length > 0 ? lines.map(listItem).join('\n') : 'Nowhere.';
}

const listItem = (/** @type {string} */ line) =>
  `- ${line.replaceAll(/[<>*_`[\]\\]/g, String.raw`\$&`)}`;
