import { startNodeServer } from './node-server.mjs';
import { findNginx, startNginx } from './nginx.mjs';

/** What the server `delayed` waits before each answer, in seconds. */
export const DELAY = 0.05;

/**
 * `fast` answers at once, `delayed` after DELAY.
 *
 * @typedef {'fast' | 'delayed'} ServerName
 */

/**
 * Starts both servers.
 *
 * @param {string} root what they serve
 * @param {string} folder for their own files
 */
export async function startServers(root, folder) {
  const nginx = findNginx();
  const fast = nginx
    ? await startNginx(nginx.command, root, folder)
    : await startNodeServer(root, 0);
  const delayed = await startNodeServer(root, DELAY);
  return {
    about: nginx
      ? `nginx ${nginx.version} with one worker`
      : 'one of node:http, since nginx is not installed',
    urls: { fast: fast.url, delayed: delayed.url },
    async stop() {
      await fast.stop();
      await delayed.stop();
    },
  };
}
