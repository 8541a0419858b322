/*
 * The example of the README is compiled, type-checked and run. What a console.log line
 * prints stands behind it in a comment.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as primes from '@concurrent-executors/primes';
import ts from 'typescript';
import { beforeAll, expect, onTestFinished, test } from 'vitest';

const path = (relative: string): string =>
  fileURLToPath(new URL(relative, import.meta.url));

let readme: string;

beforeAll(async () => {
  readme = await readFile(path('../README.md'), 'utf8');
});

test('the example of the README compiles, and prints what it says', async () => {
  const [, code = ''] = /^```ts\n(.*?)^```$/ms.exec(readme) ?? [];
  const expected = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(
    ([, line]) => line,
  );
  expect(expected.length).toBeGreaterThan(4);

  // Inside the workspace, so that the package is found by its name.
  const parent = path('../test-output');
  await mkdir(parent, { recursive: true });
  const directory = await mkdtemp(join(parent, 'readme-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
  await writeFile(join(directory, 'example.ts'), code);

  const program = ts.createProgram([join(directory, 'example.ts')], {
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    module: ts.ModuleKind.NodeNext,
    types: ['node'],
    strict: true,
    skipLibCheck: true,
  });
  const { diagnostics } = program.emit();
  expect(
    [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(
      ({ messageText }) => messageText,
    ),
  ).toEqual([]);
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(directory, 'example.js'),
  ]);
  expect(stdout.trimEnd().split('\n')).toEqual(expected);
});

test('the README has all exports', () => {
  const documented = [...readme.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  expect(documented).toEqual(expect.arrayContaining(Object.keys(primes)));
});
