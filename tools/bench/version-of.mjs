import { spawnSync } from 'node:child_process';

/**
 * The version that a command tells; undefined if it is not installed.
 *
 * @param {string} command
 */
export function versionOf(command) {
  const { error, stdout, stderr } = spawnSync(command, ['--version'], {
    encoding: 'utf8',
  });
  if (error) return undefined;
  return /\d+(\.\d+)+/.exec(stdout + stderr)?.[0]; // gp tells it on standard error
}
