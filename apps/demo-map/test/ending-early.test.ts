import { expect, it } from 'vitest';
import { start } from './program.ts';

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s ends it with status %i', async (signal, status) => {
  const program = start(['3600']);
  await program.waitFor('loiter(3600): doing nothing');
  program.kill(signal);
  const outcome = await program.finish();
  expect(outcome).toMatchObject({ status, stderr: '' });
  expect(outcome.stdout).not.toContain('done.');
});

it('ends quietly and at once when nobody reads its output any more', async () => {
  // One worker writes for some seconds, to meet the closed output, while the main thread
  // waits for the other one.
  const durations = ['3600', ...Array<string>(300).fill('0.01')];
  const program = start(['--workers', '2', ...durations]);
  await program.waitFor('Script starting.');
  program.closeStdout();
  expect(await program.finish()).toMatchObject({ status: 141, stderr: '' });
});
