/*
 * The examples of the README are compiled, type-checked and run, in a package of their own
 * and with the worker that the README starts. What a console.log line prints stands behind
 * it in a comment: several lines with commas between.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findRedis, startRedis } from '../../../tools/redis/redis-server.ts';
import { launchWorker } from '../../../tools/redis/worker-process.ts';

const executable = findRedis();
const run = promisify(execFile);
const path = (relative: string): string =>
  fileURLToPath(new URL(relative, import.meta.url));
const readme = await readFile(path('../README.md'), 'utf8');
const URL_OF_EXAMPLES = 'redis://localhost:6379';

const examples = [
  ...readme.matchAll(/^```ts\n\/\/ (\S+)\.ts\n(.*?)^```$/gms),
].map(([, name = '', code = '']) => ({ name, code }));

let folder: string;
/** What the compiler says of the examples. */
let problems: string;

beforeAll(async () => {
  // Inside the workspace, so that the packages are found by their names.
  await mkdir(path('../test-output'), { recursive: true });
  folder = await mkdtemp(path('../test-output/readme-'));
  await writeFile(
    join(folder, 'package.json'),
    '{ "name": "my-app", "version": "1.0.0", "type": "module" }',
  );
  for (const { name, code } of examples)
    await writeFile(join(folder, `${name}.ts`), code);
  problems = compile();
});

afterAll(() => rm(folder, { recursive: true }));

/** Compiles the examples, and gives what is wrong with them. */
function compile(): string {
  const program = ts.createProgram(
    examples.map(({ name }) => join(folder, `${name}.ts`)),
    {
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
      module: ts.ModuleKind.NodeNext,
      types: ['node'],
      strict: true,
      skipLibCheck: true,
    },
  );
  const { diagnostics } = program.emit();
  return ts.formatDiagnostics(
    [...ts.getPreEmitDiagnostics(program), ...diagnostics],
    {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => folder,
      getNewLine: () => '\n',
    },
  );
}

/** What the example prints, with another Redis than that of the README. */
async function runMain(redis: string): Promise<string> {
  const compiled = await readFile(join(folder, 'main.js'), 'utf8');
  expect(compiled).toContain(URL_OF_EXAMPLES);
  await writeFile(
    join(folder, 'here.js'),
    compiled.replace(URL_OF_EXAMPLES, redis),
  );
  const { stdout } = await run(process.execPath, ['here.js'], { cwd: folder });
  return stdout;
}

test('the examples compile', () => {
  expect(examples.length).toBeGreaterThan(2);
  expect(problems).toBe('');
});

describe.skipIf(executable === undefined)('with Redis', () => {
  test('the quick start prints what it says', async () => {
    await using redis = await startRedis(executable ?? '');
    const code = examples.find(({ name }) => name === 'main')?.code ?? '';
    const [, command = ''] = /^npx executor-worker (.*)$/m.exec(readme) ?? [];
    await using worker = launchWorker(
      ...command
        .replace(URL_OF_EXAMPLES, redis.url)
        .replace('./', `${folder}/`)
        .split(' '),
    );
    expect(await worker.line(/ready/)).toContain('my-app/tasks.js@1.0.0');
    const stdout = await runMain(redis.url);
    const expected = [
      ...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm),
    ].flatMap(([, text = '']) =>
      // A sentence with a comma is one line.
      /^[\d, ]+$/.test(text) ? text.split(', ') : [text],
    );
    expect(stdout.trimEnd().split('\n')).toEqual(expected);
    await worker.end('SIGTERM');
  });
});

test('the options of the worker are those of its help', async () => {
  const { stdout } = await run(process.execPath, [
    path('../dist/cli/main.js'),
    '--help',
  ]);
  const described = [...readme.matchAll(/^\| `(--[a-z-]+)/gm)].map(
    ([, option]) => option,
  );
  const real = [...stdout.matchAll(/^ +(?:-\w, )?(--[a-z-]+)/gm)]
    .map(([, option]) => option)
    .filter((option) => option !== '--help' && option !== '--version');
  // The help names some twice: in its examples.
  expect(described.sort()).toEqual([...new Set(real)].sort());
});
