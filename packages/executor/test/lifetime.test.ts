/*
 * How pools and the life of the program go together. Each test runs a program
 * of its own.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const program = fileURLToPath(
  new URL('fixtures/lifetime.mjs', import.meta.url),
);
const run = promisify(execFile);

describe.each(['ThreadPoolExecutor', 'ProcessPoolExecutor'])('%s', (pool) => {
  test('an idle pool does not hold the program, and nothing is printed', async () => {
    const { stdout, stderr } = await run(process.execPath, [
      program,
      pool,
      'idle',
    ]);
    expect({ stdout, stderr }).toEqual({ stdout: '4\n', stderr: '' });
  });

  test('pending work holds it, also without shutdown', async () => {
    const { stdout } = await run(process.execPath, [program, pool, 'pending']);
    expect(stdout).toBe('main is done\n2 4 6\n');
  });

  test('process.exit() ends it at once, with its busy workers', async () => {
    const child = spawn(process.execPath, [program, pool, 'exit'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const output: string[] = [];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.push(text);
    });
    const [code] = (await once(child, 'close')) as [number];
    expect(code).toBe(7);
    await expectGone(Number(output.join('')));
  });
});

test('an idle worker process ends when its program is killed', async () => {
  const child = spawn(
    process.execPath,
    [program, 'ProcessPoolExecutor', 'wait'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [text] = (await once(child.stdout, 'data')) as [Buffer];
  child.kill('SIGKILL');
  await once(child, 'close');
  await expectGone(Number(String(text)));
});

/** Waits until no process with this id is left. A hang shows as the test's time-out. */
async function expectGone(pid: number): Promise<void> {
  expect(pid).toBeGreaterThan(0);
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    // A zombie whose parent has not asked for its status is gone too.
    if (existsSync('/proc') && !existsSync(`/proc/${String(pid)}/exe`)) return;
    await new Promise(setImmediate);
  }
}
