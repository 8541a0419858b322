/* HTTP clients for Node.js, each used by a script. */
import { fileURLToPath } from 'node:url';
import { readVersions } from '../../versions.mjs';

const versions = readVersions();

/**
 * @param {string} name
 * @param {string} usage
 * @param {string} version
 * @returns {import('./client.mjs').Client}
 */
const script = (name, usage, version = versions[name] ?? 'unknown') => ({
  name,
  usage,
  find: () => ({
    version,
    command: ({ list, folder, concurrency }) => [
      process.execPath,
      fileURLToPath(new URL(`scripts/${name}.mjs`, import.meta.url)),
      list,
      folder,
      String(concurrency),
    ],
  }),
});

export const javascriptClients = [
  script(
    'fetch',
    'the one of Node.js, with its connections kept',
    `Node.js ${process.versions.node}`,
  ),
  script('undici', '`request` with an `Agent` of as many connections'),
  script('got', '`buffer()`, an agent that keeps as many connections'),
  script(
    'axios',
    "`responseType: 'arraybuffer'`, an agent that keeps as many connections",
  ),
];
