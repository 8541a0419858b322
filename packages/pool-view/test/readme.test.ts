import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { expect, onTestFinished, test } from 'vitest';
import { MARKS } from '../src/glyphs.ts';

const run = promisify(execFile);
const path = (relative: string): string =>
  fileURLToPath(new URL(relative, import.meta.url));
const readme = await readFile(path('../README.md'), 'utf8');
const examples = new Map(
  [...readme.matchAll(/^```js\n\/\/ (\w+\.mjs)\n(.*?)^```$/gms)].map(
    ([, name = '', code = '']) => [name, code],
  ),
);

/** Runs an example in a folder from which the packages are found by their names. */
async function runExample(name: string, ...args: string[]) {
  await mkdir(path('../test-output'), { recursive: true });
  const folder = await mkdtemp(path('../test-output/example-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  // Compiled, since Node.js 20 and 22 do not know `await using`.
  const { outputText } = ts.transpileModule(examples.get(name) ?? '', {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
    },
  });
  await writeFile(join(folder, name), outputText);
  const { stdout, stderr } = await run(process.execPath, [name, ...args], {
    cwd: folder,
  });
  return { stdout, stderr, folder };
}

test('a program with the options', async () => {
  const { stdout, stderr, folder } = await runExample(
    'program.mjs',
    '--timeline',
    'run.html',
    '--live',
  );
  expect(stdout).toBe('');
  expect(stderr).toBe(
    'program: there is no live view, since the output for it is not a terminal\ntimeline: run.html\n',
  );
  expect(await readFile(join(folder, 'run.html'), 'utf8')).toContain('</html>');
});

test('the options are described', async () => {
  const { stdout } = await runExample('program.mjs', '--help');
  for (const [, option] of readme.matchAll(/^\| `(--\w+(?: <file>)?)` +\|/gm))
    expect(stdout).toContain(`  ${String(option)} `);
  expect(stdout.match(/^ {2}--/gm)).toHaveLength(3);
});

test('a chart', async () => {
  const { stdout } = await runExample('chart.mjs');
  expect(stdout).toMatch(/^event loop {2}.*[▐█].*\n {12}.*[▐█].*\nwaiting/);
  expect(stdout).toMatch(/^3 runs in \d+ms$/m);
});

test('all signs are explained', () => {
  const explained = [...readme.matchAll(/^\| `(.)` +\| /gm)].map(
    ([, sign]) => sign,
  );
  expect(explained.sort()).toEqual(Object.values(MARKS).sort());
});
