import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

/** The command does not take these arguments: one line says why, and the status is 2. */
export function expectRefusal(
  command: URL,
  args: readonly string[],
  problem: string,
): void {
  const path = fileURLToPath(command);
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [path, ...args],
    { encoding: 'utf8' },
  );
  expect(stderr).toContain(`${basename(path, '.mjs')}: ${problem}`);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
}
