/* The modules of tasks: the first one of a worker is loaded in another way than the others. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { moduleTasks, TaskNotFoundError } from '@concurrent-executors/executor';
import { echo } from '../fixtures/tasks.mjs';
import { pools } from '../support/backends.ts';
import { makeTempFolder } from '../support/temp-file.ts';

interface Counting {
  /** How many of the modules of the test have been run in this worker. */
  readonly count: () => number;
}

interface Modules extends Disposable {
  /** Writes a module that counts how often it is run; its URL. */
  write(name: string, source: string): string;
}

function makeModules(): Modules {
  const folder = makeTempFolder();
  return {
    write(name, source) {
      const path = join(folder.path, name);
      const counting = 'globalThis.runs = (globalThis.runs ?? 0) + 1;';
      writeFileSync(path, `${counting}\n${source}`);
      return pathToFileURL(path).href;
    },
    [Symbol.dispose]() {
      folder[Symbol.dispose]();
    },
  };
}

const countOf = (url: string) => moduleTasks<Counting>(url).count;

const esModule = 'export const count = () => globalThis.runs;';
const awaits = `await new Promise((resolve) => setTimeout(resolve, 1)); ${esModule}`;
const common = 'exports.count = () => globalThis.runs;';

describe.each(pools)('$name pool: the module of a task', ({ Pool }) => {
  test.each([
    { name: 'module.mjs', source: esModule },
    { name: 'module.mjs', source: awaits },
    { name: 'a module.mjs', source: esModule },
    { name: 'module ελ%.mjs', source: esModule },
    { name: 'module.cjs', source: common },
    { name: 'module.js', source: common },
    { name: 'module.cjs', source: `const count = 'count'; ${common}` },
  ])('is run once: $name, $source', async ({ name, source }) => {
    using modules = makeModules();
    await using pool = new Pool({ maxWorkers: 1 });
    const url = modules.write(name, source);
    const other = modules.write(
      'other.mjs',
      `export { count } from ${JSON.stringify(url)};`,
    );
    const count = countOf(url);
    expect(await Promise.all([1, 2, 3].map(() => pool.submit(count)))).toEqual([
      1, 1, 1,
    ]);
    expect(await pool.submit(countOf(other))).toBe(2);
    expect(await pool.submit(count)).toBe(2);
  });

  test('may import one that has a top-level await', async () => {
    using modules = makeModules();
    await using pool = new Pool({ maxWorkers: 1 });
    const inner = modules.write('inner.mjs', awaits);
    const outer = modules.write(
      'outer.mjs',
      `export { count } from ${JSON.stringify(inner)};`,
    );
    const counts = [inner, outer].map(countOf);
    const [first, second] = counts.map((count) => pool.submit(count));
    expect([1, 2]).toContain(await first);
    expect(await second).toBe(2);
  });

  test('may be two modules: one with another query', async () => {
    using modules = makeModules();
    await using pool = new Pool({ maxWorkers: 1 });
    const url = modules.write('module.mjs', esModule);
    const counts = ['', '?2', '#3', ''].map((end) =>
      pool.submit(countOf(`${url}${end}`)),
    );
    await Promise.all(counts);
    expect(await counts[3]).toBe(3);
  });

  test.each(['module.cjs', 'module.js'])(
    'has all that a CommonJS module exports, and what it is itself: %s',
    async (name) => {
      using modules = makeModules();
      await using pool = new Pool({ maxWorkers: 1 });
      const url = modules.write(
        name,
        'module.exports = () => 1; exports.two = module.exports.two = () => 2;',
      );
      const tasks = moduleTasks<{ default(): number; two(): number }>(url);
      expect(await pool.submit(tasks.default)).toBe(1);
      expect(await pool.submit(tasks.two)).toBe(2);
    },
  );

  test.each(['module.mjs', 'module.js'])(
    'is run once if it throws, and then throws the same again: %s',
    async (name) => {
      using modules = makeModules();
      await using pool = new Pool({ maxWorkers: 1 });
      const url = modules.write(
        name,
        'throw new RangeError(`run ${globalThis.runs}`);',
      );
      const count = countOf(url);
      for (let n = 0; n < 3; n += 1) {
        const error = await pool.submit(count).exception();
        expect(error).toBeInstanceOf(RangeError);
        expect(error).toMatchObject({ message: 'run 1' });
      }
    },
  );

  test('is missed with the error of import()', async () => {
    using modules = makeModules();
    await using pool = new Pool({ maxWorkers: 1 });
    const url = modules.write('module.mjs', `import './nowhere.mjs';`);
    for (const missing of [url.replace('module.mjs', 'none.mjs'), url]) {
      const count = countOf(missing);
      const error = await pool.submit(count).exception();
      expect(error).toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
    }
  });

  test.each(['execArgv', 'NODE_OPTIONS'])(
    'is loaded as a hook of the program says, by %s',
    async (way) => {
      using modules = makeModules();
      const url = modules.write('module.mjs', esModule);
      const hooks = modules.write(
        'hooks.mjs',
        `export const load = (url, context, next) => url === ${JSON.stringify(url)}
          ? { format: 'module', shortCircuit: true, source: 'export const count = () => 42;' }
          : next(url, context);`,
      );
      const register = modules.write(
        'register.mjs',
        `import { register } from 'node:module'; register(${JSON.stringify(hooks)});`,
      );
      await using pool = new Pool({
        maxWorkers: 1,
        ...(way === 'execArgv'
          ? { execArgv: ['--import', register] }
          : { env: { ...process.env, NODE_OPTIONS: `--import=${register}` } }),
      });
      expect(await pool.submit(countOf(url))).toBe(42);
    },
  );
});

describe.each(pools)('a new $name', ({ Pool }) => {
  interface Loading {
    /** Whether its worker has loaded a file of this package. */
    hasLoaded(file: string): boolean;
    notThere(): void;
  }

  const source = `
    import { createRequire } from 'node:module';
    import { basename } from 'node:path';
    const { cache } = createRequire(import.meta.url);
    export const hasLoaded = (file) => Object.keys(cache).some((path) => basename(path) === file);`;

  test('has no value codec before a value is not small', async () => {
    using modules = makeModules();
    await using pool = new Pool({ maxWorkers: 1 });
    const { hasLoaded } = moduleTasks<Loading>(
      modules.write('module.mjs', source),
    );
    expect(await pool.submit(hasLoaded, 'codec.cjs')).toBe(false);
    expect(await pool.submit(hasLoaded, 'codec.cjs')).toBe(false);
    await pool.submit(echo, { not: 'small' });
    expect(await pool.submit(hasLoaded, 'codec.cjs')).toBe(true);
  });

  test('has no error classes before the first error', async () => {
    using modules = makeModules();
    await using pool = new Pool({ maxWorkers: 1 });
    const { hasLoaded, notThere } = moduleTasks<Loading>(
      modules.write('module.mjs', source),
    );
    expect(await pool.submit(hasLoaded, 'errors.cjs')).toBe(false);
    await expect(pool.submit(notThere)).rejects.toThrow(TaskNotFoundError);
    expect(await pool.submit(hasLoaded, 'errors.cjs')).toBe(true);
  });
});
