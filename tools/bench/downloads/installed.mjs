import { clients } from './clients/index.mjs';

/** @typedef {import('./clients/client.mjs').Client & import('./clients/client.mjs').InstalledClient} Installed */

/**
 * Which of the clients are installed, and the names of those that are not.
 *
 * @param {readonly string[]} names
 */
export function findInstalled(names) {
  /** @type {Installed[]} */
  const installed = [];
  /** @type {string[]} */
  const missing = [];
  for (const client of clients) {
    if (!names.includes(client.name)) continue;
    const found = client.find();
    if (found) installed.push({ ...client, ...found });
    else missing.push(client.name);
  }
  return { installed, missing };
}
