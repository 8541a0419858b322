/* The results as text for a Markdown document. */
import { machineText } from '../document.mjs';
import { lossLines } from '../loss-lines.mjs';
import { markdownList } from '../markdown-list.mjs';
import { markdownTable } from '../markdown-table.mjs';
import { readVersions } from '../versions.mjs';
import { backends, PYTHON, pythonVersion } from './columns.mjs';
import {
  failureLines,
  librariesOf,
  medianTable,
  spreadTable,
} from './table.mjs';

/** @typedef {import('./results.mjs').Result} Result */

const titles = { thread: 'Threads', process: 'Processes' };

/** @param {readonly Result[]} results @param {import('./rounds.mjs').Plan} plan */
export function documentText(results, plan) {
  return [
    machineText(plan),
    versionsTable(results),
    ...backendTexts(results, 'Results', medianTable),
    '### Where the executor is behind',
    markdownList(lossLines(results), 'Nowhere.'),
    '### What could not be measured',
    markdownList(failureLines(results), 'Nothing.'),
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
