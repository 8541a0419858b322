/* HTTP clients for Python, each used by a script. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A Python of the user may hide the one that has the packages of the system. */
const INTERPRETERS = ['python3', '/usr/bin/python3'];

/** The program itself: a command may be a script that starts it. @param {string} module */
const probe = (module) =>
  `import sys, ${module}; print(sys.executable, ${module}.__version__)`;

/**
 * @param {string} module
 * @returns {import('./client.mjs').Client}
 */
const script = (module) => ({
  name: module,
  usage: 'asyncio, all downloads gathered, a semaphore; one session',
  find() {
    for (const python of INTERPRETERS) {
      const { stdout } = spawnSync(python, ['-c', probe(module)], {
        encoding: 'utf8',
      });
      const [executable, version] = stdout?.trim().split(' ') ?? [];
      if (executable && version) {
        return { version, command: commandWith(executable, module) };
      }
    }
    return undefined;
  },
});

/**
 * @param {string} executable
 * @param {string} module
 * @returns {import('./client.mjs').InstalledClient['command']}
 */
const commandWith =
  (executable, module) =>
  ({ list, folder, concurrency }) => [
    executable,
    fileURLToPath(new URL(`scripts/with_${module}.py`, import.meta.url)),
    list,
    folder,
    String(concurrency),
  ];

export const pythonClients = ['aiohttp', 'httpx'].map(script);
