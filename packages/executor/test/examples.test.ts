/*
 * The examples of the READMEs and of the guide are compiled, type-checked and run. An example
 * starts with its file name in a comment; what a console.log line prints stands
 * behind it in a comment: several lines with commas between.
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const path = (relative: string): string =>
  fileURLToPath(new URL(relative, import.meta.url));

interface Example {
  readonly name: string;
  readonly code: string;
}

async function examplesOf(file: string): Promise<Example[]> {
  const text = await readFile(path(file), 'utf8');
  return [...text.matchAll(/^```ts\n\/\/ (\S+)\.ts\n(.*?)^```$/gms)].map(
    ([, name = '', code = '']) => ({ name, code }),
  );
}

/** What the comments behind console.log say that the example prints. */
function expectedOutput(code: string): string[] {
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].flatMap(
    ([, expected = '']) => expected.split(', '),
  );
}

const documents = [
  '../README.md',
  '../../../README.md',
  '../../../docs/guide.md',
  '../../../docs/task-timeline.md',
];

describe.each(documents)('%s', async (file) => {
  const examples = await examplesOf(file);
  let directory: string;

  beforeAll(async () => {
    // Inside the workspace, so that the packages are found by their names.
    const parent = path('../test-output');
    await mkdir(parent, { recursive: true });
    directory = await mkdtemp(join(parent, 'examples-'));
    await writeFile(join(directory, 'package.json'), '{ "type": "module" }');
    for (const { name, code } of examples) {
      await writeFile(join(directory, `${name}.ts`), code);
    }
  });

  afterAll(() => rm(directory, { recursive: true }));

  test('compiles', () => {
    const program = ts.createProgram(
      examples.map(({ name }) => join(directory, `${name}.ts`)),
      {
        target: ts.ScriptTarget.ES2023,
        lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts'],
        module: ts.ModuleKind.NodeNext,
        types: ['node'],
        strict: true,
        declaration: true,
        skipLibCheck: true,
      },
    );
    const { diagnostics } = program.emit();
    expect(
      ts.formatDiagnostics(
        [...ts.getPreEmitDiagnostics(program), ...diagnostics],
        {
          getCanonicalFileName: (name) => name,
          getCurrentDirectory: () => directory,
          getNewLine: () => '\n',
        },
      ),
    ).toBe('');
  });

  const programs = examples.filter(({ code }) => code.includes('console.log'));
  expect(programs.length).toBeGreaterThan(0);

  test.each(programs)('$name prints what it says', async ({ name, code }) => {
    const { stdout } = await run(process.execPath, [`${name}.js`], {
      cwd: directory,
    });
    const lines = stdout.trimEnd().split('\n');
    // Of an error, the first line; the stack below it depends on the machine.
    expect(lines.filter((line) => !line.startsWith('    at '))).toEqual(
      expectedOutput(code),
    );
  });
});
