import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { program, run } from '../program.ts';

describe('wrong arguments end with status 2 and touch nothing', () => {
  test.for([
    ['-m 0', '--max-req must be >= 1', ', got "0"'],
    ['--max_req many', '--max-req must be an integer', ', got "many"'],
    ['-l -5', '--limit must be >= 1', ', got "-5"'],
    [
      '-s NEAR',
      '--server must be one of DELAY, ERROR, LOCAL, REMOTE',
      ', got "NEAR"',
    ],
    ['br BRA', 'each CC must be A to Z or AA to ZZ', ', got "BRA"'],
    ['ß', 'each CC must be A to Z or AA to ZZ', ', got "ß"'],
    ['--unknown', "unknown option '--unknown'", ''],
  ] as const)('%s', async ([args, message, got]) => {
    await using folder = await temporaryFolder();
    const result = await run(args, { cwd: folder.path });
    expect(result).toEqual({
      stdout: '',
      stderr: `${program.name}: error: ${message}${got}; try: ${program.name} --help\n`,
      status: 2,
    });
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('a port that is none', async () => {
    await using folder = await temporaryFolder();
    const env = { FLAGS_LOCAL_PORT: '80x' };
    const result = await run('', { cwd: folder.path, env });
    expect(result).toEqual({
      stdout: '',
      stderr: `${program.name}: error: FLAGS_LOCAL_PORT must be an integer from 0 to 65535, not "80x"\n`,
      status: 2,
    });
    expect(await readdir(folder.path)).toEqual([]);
  });
});

/** Of the program that has executors, and so futures to show. */
const ONLY_WITH_EXECUTORS = [
  '--futures',
  '--executor',
  '--redis',
  '--namespace',
];

test('-h explains every option, and so does the README', async () => {
  await using folder = await temporaryFolder();
  const { stdout, stderr, status } = await run('-h', { cwd: folder.path });
  expect(stdout).toContain(`Usage: ${program.name} [options] [CC...]`);
  expect(stdout.replace(/\s+/g, ' ')).toContain(
    `maximum concurrent requests (default: ${String(program.defaultConcurrency)}, maximum: ${String(program.maxConcurrency)})`,
  );
  const readme = await readFile(
    new URL('../../README.md', import.meta.url),
    'utf8',
  );
  const documented = [...readme.matchAll(/^\| (?:`-.`, )?`(--[\w-]+)/gm)]
    .map(([, option]) => option)
    .filter(
      (option = '') =>
        program.hasFutures || !ONLY_WITH_EXECUTORS.includes(option),
    );
  const explained = [...stdout.matchAll(/^ {2}(?:-., )?(--[\w-]+)/gm)].map(
    ([, option]) => option,
  );
  expect(explained.sort()).toEqual(documented.sort());
  expect([stderr, status]).toEqual(['', 0]);
});

test('--version prints a version', async () => {
  await using folder = await temporaryFolder();
  const { stdout, status } = await run('--version', { cwd: folder.path });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect(status).toBe(0);
});
