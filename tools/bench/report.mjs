import { writeFileSync } from 'node:fs';
import { fail } from './command-line-options.mjs';
import { whyNotWritable, writeDocument } from './document.mjs';
import { jsonRows } from './results.mjs';

/** @typedef {import('./command-line-options.mjs').SuiteOptions} SuiteOptions */

/**
 * Ends the program if the document has no place for the results.
 *
 * @param {string} suite
 * @param {SuiteOptions} options
 */
export function requirePlace(suite, { markdown }) {
  const reason = markdown && whyNotWritable(markdown, suite);
  if (reason) fail(reason);
}

/**
 * Writes the results wherever the options say, and to standard output.
 *
 * @param {string} suite
 * @param {SuiteOptions} options
 * @param {readonly import('./results.mjs').Result[]} results
 * @param {object} texts
 * @param {() => string} texts.document
 * @param {(inColour: boolean) => string} texts.terminal
 */
export function report(suite, { json, markdown }, results, texts) {
  if (json !== undefined) {
    const rows = JSON.stringify(jsonRows(suite, results), null, 2);
    writeFileSync(json, `${rows}\n`);
  }
  if (markdown !== undefined) {
    writeDocument(markdown, suite, texts.document());
  }
  console.log(texts.terminal(process.stdout.hasColors?.() ?? false));
}
