import { spawnSync } from 'node:child_process';

/**
 * The version that a command tells; undefined if it is not installed.
 *
 * @param {string} command
 */
export function versionOf(command) {
  const { stdout } = spawnSync(command, ['--version'], { encoding: 'utf8' });
  return /\d+(\.\d+)+/.exec(stdout ?? '')?.[0];
}
