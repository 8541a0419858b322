import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { endGroup, trackGroup } from '../../process-groups.mjs';

const entry = fileURLToPath(new URL('node-server-entry.mjs', import.meta.url));

/**
 * Serves the site with node:http, in a process of its own.
 *
 * @param {string} root the folder of the site
 * @param {number} delay before each answer, in seconds
 * @returns {Promise<import('./server.mjs').Server>}
 */
export async function startNodeServer(root, delay) {
  const child = fork(entry, [root, String(delay)], { detached: true });
  await once(child, 'spawn');
  const group = /** @type {number} */ (child.pid); // it was spawned
  trackGroup(group);
  const exited = once(child, 'exit');
  const [message] = await Promise.race([
    once(child, 'message'),
    exited.then(() => {
      throw new Error('the server did not start');
    }),
  ]);
  return {
    url: `http://127.0.0.1:${String(message.port)}`,
    async stop() {
      endGroup(group);
      await exited;
    },
  };
}
