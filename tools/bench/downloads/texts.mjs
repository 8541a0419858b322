/* The results as text, for a terminal and for a Markdown document. */
import { machineText } from '../document.mjs';
import { lossLines } from '../loss-lines.mjs';
import { markdownList } from '../markdown-list.mjs';
import { markdownTable } from '../markdown-table.mjs';
import { terminalTable } from '../terminal-table.mjs';
import { countOf } from './cases.mjs';
import { clientsTable } from './table.mjs';

/**
 * @typedef {object} Report
 * @property {import('./rounds.mjs').Plan} plan
 * @property {readonly import('./summary.mjs').Summary[]} summaries
 * @property {readonly import('../results.mjs').Result[]} results
 * @property {string} server
 * @property {boolean} inMemory
 */

/** @param {Report} report */
export function terminalText(report) {
  const notMeasured = notMeasuredLines(report);
  return [
    ...tables(report).map(
      ({ title, head, body }) =>
        `${title}\n${terminalTable(head, body, { left: 1 })}`,
    ),
    'over …: the time over that of our program; above 1 our program is faster.',
    settingText(report),
    versionsText(report),
    ...(notMeasured.length > 0
      ? [`Not measured:\n${notMeasured.map((one) => `  ${one}`).join('\n')}`]
      : []),
  ].join('\n\n');
}

/** @param {Report} report */
export const documentText = (report) =>
  [
    machineText(report.plan),
    settingText(report),
    markdownTable(
      ['program', 'version', 'used as'],
      report.plan.clients.map(({ name, version, usage }) => [
        name,
        version,
        usage,
      ]),
    ),
    ...tables(report).flatMap(({ title, head, body }) => [
      `### ${title}`,
      markdownTable(head, body, { right: head.map((_, i) => i).slice(1) }),
    ]),
    '### Where the programs are behind',
    markdownList(lossLines(report.results), 'Nowhere.'),
    '### What could not be downloaded',
    markdownList(notMeasuredLines(report), 'Nothing.'),
    '### The rows of --json',
    markdownTable(
      ['case', 'unit', 'what is measured'],
      report.summaries.flatMap(({ measurement }) =>
        measurement.cases.map(({ name, unit, about }) => [name, unit, about]),
      ),
    ),
  ].join('\n\n');

/** @param {Report} report */
const tables = ({ summaries, plan }) =>
  summaries
    .filter(({ entries }) => entries.length > 0)
    .map((summary) => ({
      title: titleOf(summary.measurement, plan.quick),
      ...clientsTable(summary),
    }));

/** @param {import('./cases.mjs').Measurement} measurement @param {boolean} quick */
const titleOf = (measurement, quick) =>
  `${countOf(measurement, quick).toLocaleString('en')} files, ${measurement.how}`;

/** @param {Report} report */
const settingText = ({ server, inMemory }) =>
  `The server is ${server}; where answers are delayed, it is one of node:http. All files are ${inMemory ? 'in memory (tmpfs)' : 'on disk, since there is too little room in memory'}.`;

/** @param {Report} report */
const versionsText = ({ plan }) =>
  plan.clients.map(({ name, version }) => `${name} ${version}`).join(', ');

/** @param {Report} report */
const notMeasuredLines = ({ summaries, plan }) => [
  ...summaries.flatMap(({ failures }) => failures),
  ...plan.missing.map((name) => `${name}: it is not installed`),
];
