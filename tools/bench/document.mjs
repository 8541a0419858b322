/* The results of a suite in a Markdown document, between two comments that mark their place. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import { numberText } from './numbers.mjs';

const GIB = 2 ** 30;

const startOf = (/** @type {string} */ suite) =>
  `<!-- npm run bench -- ${suite}: start of what it writes -->`;
const endOf = (/** @type {string} */ suite) =>
  `<!-- npm run bench -- ${suite}: end of what it writes -->`;

/**
 * Why the document cannot be written; undefined if it can.
 *
 * @param {string} path
 * @param {string} suite
 */
export function whyNotWritable(path, suite) {
  if (!existsSync(path)) return undefined;
  const text = readFileSync(path, 'utf8');
  const start = text.indexOf(startOf(suite));
  if (start !== -1 && text.indexOf(endOf(suite)) > start) return undefined;
  return `${path} must have the lines ${startOf(suite)} and ${endOf(suite)}, between which the results go`;
}

/**
 * Puts the results in their place, or makes a new document.
 *
 * @param {string} path
 * @param {string} suite
 * @param {string} results
 */
export function writeDocument(path, suite, results) {
  const block = `${startOf(suite)}\n\n${results}\n\n${endOf(suite)}`;
  if (!existsSync(path)) {
    writeFileSync(path, `# Benchmarks\n\n${block}\n`);
    return;
  }
  const text = readFileSync(path, 'utf8');
  const before = text.slice(0, text.indexOf(startOf(suite)));
  const after = text.slice(text.indexOf(endOf(suite)) + endOf(suite).length);
  writeFileSync(path, `${before}${block}${after}`);
}

/**
 * When, where and how often it was measured.
 *
 * @param {{ readonly rounds: number, readonly quick: boolean }} plan
 */
export function machineText({ rounds, quick }) {
  const [cpu] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  const times = rounds === 1 ? '1 round' : `${String(rounds)} rounds`;
  const caveat = quick
    ? ' This was a run with --quick: less than told below, and only good for a look.'
    : '';
  return `Run on ${date} with Node.js ${process.versions.node} on ${platform()} ${arch()}, ${String(availableParallelism())} processors (${cpu?.model.trim() ?? 'of unknown kind'}), ${numberText(totalmem() / GIB)} GiB of memory, in ${times}.${caveat}`;
}
