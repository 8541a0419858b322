import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  canListProcesses,
  childrenOf,
  isRunning,
  processorTimeOf,
} from './child-processes.ts';
import { SLOW, start } from './program.ts';

const FIRST_RESULT = '9999999999999999 ';

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s', (signal, status) => {
  // A terminal signals the whole group at Ctrl-C, `kill` only the program.
  it.each([
    ['the program alone', 1],
    ['its process group', -1],
  ])(`to %s ends it with status ${String(status)}`, async (_name, sign) => {
    const program = start('1');
    await program.waitFor(FIRST_RESULT);
    process.kill(sign * program.pid, signal);
    const outcome = await program.finish();
    expect(outcome).toMatchObject({ status, stderr: '' });
    expect(outcome.stdout).not.toContain('Total time');
  });
});

it.skipIf(!canListProcesses)('leaves no process running', async () => {
  const program = start('2');
  await program.waitFor(FIRST_RESULT);
  const workers = childrenOf(program.pid);
  expect(workers).toHaveLength(2);
  process.kill(program.pid, 'SIGINT');
  expect(await program.finish()).toMatchObject({ status: 130 });
  while (workers.some(isRunning)) await setImmediate();
});

it('ends quietly when nobody reads its output any more', async () => {
  const program = start('1');
  await program.waitFor(FIRST_RESULT);
  program.closeStdout();
  expect(await program.finish()).toMatchObject({ status: 141, stderr: '' });
});

it('notices that in the main thread too, between two checks', async () => {
  // All of them take longer than a test may.
  const numbers = Array<string>(1000).fill('9999999999999917').join(',');
  const program = start('--executor', 'serial', '-n', `97,${numbers}`);
  await program.waitFor(' 97  P');
  program.closeStdout();
  expect(await program.finish()).toMatchObject({ status: 141, stderr: '' });
});

it.skipIf(!canListProcesses).each([[[]], [['--as-completed']]])(
  'ends with one line when a worker is killed, although standard input is open: %j',
  async (options) => {
    const program = start('1', '-f', '-', ...options);
    program.write(`97\n${SLOW}\n`);
    await program.waitFor(' 97  P');
    const [worker = NaN] = childrenOf(program.pid);
    // Killed between two tasks it would be replaced without a word.
    const before = processorTimeOf(worker);
    while (processorTimeOf(worker) < before + 2) await setImmediate();
    process.kill(worker, 'SIGKILL');
    const { stdout, stderr, status } = await program.finish();
    expect(stderr).toMatch(
      new RegExp(`^proc-pool: error: .*${String(worker)}.*SIGKILL.*\\n$`),
    );
    expect(stdout).not.toMatch(/Total time|checks in/);
    expect(status).toBe(1);
  },
);
