/* Programs that are made for downloads. None of them reads a configuration of its user. */
import { versionOf } from '../../version-of.mjs';

/**
 * @param {string} name
 * @param {string} usage
 * @param {(download: import('./client.mjs').Download) => string[]} argumentsOf
 * @returns {import('./client.mjs').Client}
 */
const tool = (name, usage, argumentsOf) => ({
  name,
  usage,
  find() {
    const version = versionOf(name);
    if (version === undefined) return undefined;
    return {
      version,
      command: (download) => [name, ...argumentsOf(download)],
    };
  },
});

export const commandLineTools = [
  tool(
    'curl',
    '`--parallel-max` and `--parallel-immediate`, unless it is one at a time; URLs from a `--config`',
    ({ curlConfig, folder, concurrency }) => [
      '--disable',
      '--silent',
      '--show-error',
      '--no-progress-meter', // which --silent leaves there when there are several
      '--fail',
      ...(concurrency > 1
        ? [
            '--parallel',
            // Otherwise the first answer is awaited before a second connection is made.
            '--parallel-immediate',
            '--parallel-max',
            String(concurrency),
          ]
        : []),
      '--remote-name-all',
      '--output-dir',
      folder,
      '--config',
      curlConfig,
    ],
  ),
  tool('wget2', '`--max-threads`', ({ list, folder, concurrency }) => [
    '--no-config',
    '--no-hsts',
    '--quiet',
    `--max-threads=${String(concurrency)}`,
    `--input-file=${list}`,
    `--directory-prefix=${folder}`,
  ]),
  tool(
    'aria2c',
    '`--max-concurrent-downloads`, one connection for each file',
    ({ list, folder, concurrency }) => [
      '--no-conf',
      '--quiet',
      `--max-concurrent-downloads=${String(concurrency)}`,
      '--max-connection-per-server=1',
      '--split=1',
      `--input-file=${list}`,
      `--dir=${folder}`,
    ],
  ),
];
