import { startFlagServer } from '@concurrent-executors/flags-common/server';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { downloaded } from '../downloaded.ts';
import { run, start, withoutTime } from '../program.ts';

const RESULT =
  /<Future #(\d+) state=finished returned string> result: '(..)'\n/g;

test('--futures shows five futures, three of them running at first', async () => {
  await using folder = await temporaryFolder();
  const { stdout, status } = await run('--futures', { cwd: folder.path });
  const lines = stdout.split('\n');
  expect(lines.slice(0, 5)).toEqual([
    'Scheduled for BR: <Future #1 state=running>',
    'Scheduled for CN: <Future #2 state=running>',
    'Scheduled for ID: <Future #3 state=running>',
    'Scheduled for IN: <Future #4 state=pending>',
    'Scheduled for US: <Future #5 state=pending>',
  ]);
  const shown = lines.slice(5).join('\n');
  const results = [...shown.matchAll(RESULT)].map(
    ([, id, cc]) => `${String(id)} ${String(cc)}`,
  );
  expect(results.sort()).toEqual(['1 BR', '2 CN', '3 ID', '4 IN', '5 US']);
  // The workers print their codes when they like, so between any two results.
  const others = withoutTime(shown.replaceAll(RESULT, ''));
  expect(others).toMatch(/^(?:[A-Z]{2} ){5}\n5 downloads in N\.NNs\n$/);
  expect(others.split(' ').slice(0, 5).sort()).toEqual([
    'BR',
    'CN',
    'ID',
    'IN',
    'US',
  ]);
  expect(status).toBe(0);
  expect(await downloaded(folder.path)).toHaveLength(5);
});

test('--futures ends at the first download that fails', async () => {
  await using server = await startFlagServer();
  await using folder = await temporaryFolder();
  const { stderr, status } = await run('--futures qq', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(server.port) },
  });
  expect(stderr).toBe(
    `flags-threadpool: error: QQ not found: ${server.url}/qq/qq.gif\n`,
  );
  expect(status).toBe(1);
});

test('--futures ends at once when it is interrupted', async () => {
  await using server = await startFlagServer({
    delay: { min: 3600, max: 3600 },
  });
  await using folder = await temporaryFolder();
  await using running = start('--futures --timeout 3600', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(server.port) },
  });
  await running.printed('Scheduled for US');
  running.child.kill('SIGINT');
  const { stderr, status } = await running.finished;
  expect(stderr).toBe('flags-threadpool: interrupted by SIGINT\n');
  expect(status).toBe(130);
});
