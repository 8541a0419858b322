import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fail } from './command-line-options.mjs';

/**
 * Ends the program if what is measured is not built.
 *
 * @param {URL} file
 * @param {string} project
 */
export function requireBuilt(file, project) {
  if (existsSync(file)) return;
  fail(`${fileURLToPath(file)} is missing: run npx nx build ${project} first`);
}
