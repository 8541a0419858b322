import { readFileSync } from 'node:fs';

/** The versions of the libraries that are compared. @returns {Record<string, string>} */
export function readVersions() {
  const read = (/** @type {string} */ path) =>
    JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
  return {
    ...read('package.json').dependencies,
    executor: read('../../packages/executor/package.json').version,
    'executor-bullmq': read('../../packages/executor-bullmq/package.json')
      .version,
    primes: read('../../packages/primes/package.json').version,
  };
}
