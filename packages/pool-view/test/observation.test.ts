import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AsyncExecutor } from '@concurrent-executors/executor';
import { CollectedSpans, observe } from '@concurrent-executors/pool-view';
import { expect, onTestFinished, test } from 'vitest';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pool-view-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function runOneTask(): Promise<void> {
  const executor = new AsyncExecutor();
  await executor.submit(() => 1);
  await executor.shutdown();
}

test('close() completes the files; a second call does nothing', async () => {
  const folder = await temporaryFolder();
  const trace = join(folder, 'trace.json');
  const timeline = join(folder, 'run.html');
  const observation = observe({ trace, timeline }, { title: 'test' });
  await runOneTask();
  observation.close();
  const text = await readFile(trace, 'utf8');
  expect(() => {
    JSON.parse(text);
  }).not.toThrow();
  await rm(timeline);
  observation.close();
  observation[Symbol.dispose]();
  expect(await readdir(folder)).toEqual(['trace.json']);
});

test('disposing drops the files', async () => {
  const folder = await temporaryFolder();
  const files = { trace: join(folder, 'a'), timeline: join(folder, 'b') };
  const observation = observe(files, { title: 'test' });
  await runOneTask();
  observation[Symbol.dispose]();
  expect(await readdir(folder)).toEqual([]);
});

test('sinks get what is recorded from then on, and until the end', async () => {
  await runOneTask();
  const spans = new CollectedSpans();
  const observation = observe({}, { title: 'test', sinks: [spans] });
  await runOneTask();
  const executor = new AsyncExecutor();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const future = executor.submit(() => held);
  observation.close();
  await runOneTask();
  release();
  await future;
  await executor.shutdown();
  expect(spans.tasks.map(({ outcome }) => outcome)).toEqual([
    'returned',
    'unfinished',
  ]);
});

test('a file that cannot be completed is told of, and the others are complete', async () => {
  const folder = await temporaryFolder();
  const gone = await temporaryFolder();
  const trace = join(gone, 'trace.json');
  const timeline = join(folder, 'run.html');
  const observation = observe({ trace, timeline }, { title: 'test' });
  await rm(gone, { recursive: true });
  expect(() => {
    observation.close();
  }).toThrow(`cannot write ${trace}: no such file or directory (ENOENT)`);
  expect(await readdir(folder)).toEqual(['run.html']);
});
