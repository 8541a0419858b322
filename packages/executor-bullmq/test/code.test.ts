import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { task } from '@concurrent-executors/executor';
import { BullMQExecutor } from '@concurrent-executors/executor-bullmq';
import { describe, expect, onTestFinished, test } from 'vitest';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { identifyModule } from '../src/wire/module-identity.ts';
import { makeRunLog } from './support/run-log.ts';
import { until } from './support/until.ts';
import { startWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();

const TEXT = `
import { appendFileSync } from 'node:fs';
export function mark(path) {
  appendFileSync(path, 'ran\\n');
  return 'marked';
}
`;

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'modules-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

/** The URL of a module in a package of its own, as it would be deployed to a machine. */
function deploy(manifest: unknown, text = TEXT): string {
  const folder = makeFolder();
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(folder, 'tasks.mjs'), text);
  return pathToFileURL(join(folder, 'tasks.mjs')).href;
}

function markOf(module: string) {
  // Its body is that of the module of the worker.
  return task(module, function mark(path: string): string {
    return path;
  });
}

describe.skipIf(executable === undefined)('the code of a task', () => {
  test('may be installed elsewhere', async () => {
    await using redis = await startRedis(executable ?? '');
    using runs = makeRunLog();
    const manifest = { name: 'deployed', version: '1.0.0' };
    await using worker = await startWorker(redis.url, [deploy(manifest)]);
    await using executor = new BullMQExecutor({ redis: redis.url });
    const mark = markOf(deploy(manifest));
    expect(await executor.submit(mark, runs.path)).toBe('marked');
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('with another text is not run', async () => {
    await using redis = await startRedis(executable ?? '');
    using runs = makeRunLog();
    const manifest = { name: 'deployed', version: '1.0.0' };
    await using worker = await startWorker(redis.url, [deploy(manifest)]);
    await using executor = new BullMQExecutor({ redis: redis.url });
    const mark = markOf(deploy(manifest, `${TEXT}// changed`));
    const failure = await executor
      .with({ retries: 3 })
      .submit(mark, runs.path)
      .exception();
    expect(failure).toMatchObject({ code: 'ERR_TASK_CODE_MISMATCH' });
    expect(failure).toHaveProperty(
      'message',
      expect.stringContaining('deployed/tasks.mjs@1.0.0'),
    );
    expect(runs.lines()).toEqual([]);
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
  });

  test('of another version waits for a worker that has it', async () => {
    await using redis = await startRedis(executable ?? '');
    using runs = makeRunLog();
    const newer = deploy({ name: 'deployed', version: '1.1.0' });
    await using worker = await startWorker(redis.url, [
      deploy({ name: 'deployed', version: '1.0.0' }),
    ]);
    await using executor = new BullMQExecutor({ redis: redis.url });
    const warnings: Error[] = [];
    const listen = (warning: Error): void => {
      warnings.push(warning);
    };
    process.on('warning', listen);
    const future = executor.submit(markOf(newer), runs.path);
    await until(() =>
      warnings.some(
        ({ name, message }) =>
          name === 'NoWorkerWarning' &&
          message.includes('deployed/tasks.mjs@1.1.0'),
      ),
    );
    process.off('warning', listen);
    await using second = await startWorker(redis.url, [newer]);
    expect(await future).toBe('marked');
    await executor.shutdown();
    expect(await worker.end('SIGTERM')).toBe(0);
    expect(await second.end('SIGTERM')).toBe(0);
    expect(worker.lines.at(-1)).toContain('stopped: 0 done');
  });
});

describe('identifyModule', () => {
  test('is the package and the path in it, and the text', () => {
    const manifest = { name: '@scope/pkg', version: '1.0.0' };
    const identity = identifyModule(deploy(manifest));
    expect(identity).toEqual({
      id: '@scope/pkg/tasks.mjs',
      version: '1.0.0',
      hash: expect.stringMatching(/^[\da-f]{32}$/) as unknown,
    });
    expect(identifyModule(deploy(manifest))).toEqual(identity);
    expect(identifyModule(deploy(manifest, 'x')).hash).not.toBe(identity.hash);
  });

  test.each([undefined, 7, null])('version %j is 0.0.0', (version) => {
    const { id, version: found } = identifyModule(
      deploy({ name: 'pkg', version }),
    );
    expect([id, found]).toEqual(['pkg/tasks.mjs', '0.0.0']);
  });

  test('passes over a package.json without a name', () => {
    const folder = makeFolder();
    const dist = join(folder, 'dist', 'esm');
    mkdirSync(dist, { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      '{"name":"pkg","version":"2.0.0"}',
    );
    writeFileSync(join(dist, 'package.json'), '{"type":"module"}');
    writeFileSync(join(dist, 'a b.js'), '');
    const url = pathToFileURL(join(dist, 'a b.js')).href;
    expect(identifyModule(url)).toMatchObject({
      id: 'pkg/dist/esm/a b.js',
      version: '2.0.0',
    });
  });

  test('a module of Node.js', () => {
    expect(identifyModule('node:path')).toEqual({
      id: 'node:path',
      version: 'builtin',
      hash: '',
    });
  });

  test.each(['[]', 'null', '7', '{"name":'])(
    'a package.json of %s is refused',
    (text) => {
      const folder = makeFolder();
      writeFileSync(join(folder, 'tasks.mjs'), '');
      writeFileSync(join(folder, 'package.json'), text);
      // An array is an object without a name.
      expect(() =>
        identifyModule(pathToFileURL(join(folder, 'tasks.mjs')).href),
      ).toThrow(expect.objectContaining({ code: 'ERR_TASK_INVALID' }));
    },
  );

  test.each([
    'data:text/javascript,export const a = 1',
    'https://example.com/tasks.js',
    'file:///nowhere/tasks.js',
  ])('%s is refused', (url) => {
    expect(() => identifyModule(url)).toThrow(
      expect.objectContaining({ code: 'ERR_TASK_INVALID' }),
    );
  });
});
