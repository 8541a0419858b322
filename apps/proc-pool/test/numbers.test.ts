import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, start } from './program.ts';
import { temporaryFolder } from './temporary-folder.ts';

async function fileOf(text: string): Promise<string> {
  const file = join(await temporaryFolder(), 'numbers.txt');
  await writeFile(file, text);
  return file;
}

/** The output with the same time in every line. */
function timeless(stdout: string): string {
  return stdout.replaceAll(/ [ \d]?\d\.\d+s$/gm, ' 0s');
}

describe('-n', () => {
  it('checks these numbers in their order, with lists and repeated', async () => {
    const { stdout, stderr, status } = await run(
      ...['2', '-n', '97,-7', '--numbers', '+98', '-n', '0, 2'],
    );
    expect(timeless(stdout)).toBe(
      `Checking 5 numbers with 2 processes:
              97  P 0s
              -7    0s
              98    0s
               0    0s
               2  P 0s
Total time: 0s
`,
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('prints numbers of more than 16 digits in full', async () => {
    const mersenne = String(2n ** 127n - 1n);
    const { stdout } = await run('1', '--method', 'fast', '-n', mersenne);
    expect(timeless(stdout)).toBe(
      `Checking 1 number with 1 processes:\n${mersenne}  P 0s\nTotal time: 0s\n`,
    );
  });

  it('takes integers below 2^64 for trial division', async () => {
    const largest = String(2n ** 64n - 1n);
    expect((await run('-n', largest)).status).toBe(0);
  });
});

describe('-f', () => {
  const text = '# some numbers\n\n97\r\n  98\n   # more\n99';

  it('checks the numbers of a file, one a line', async () => {
    const file = await fileOf(text);
    const { stdout, stderr, status } = await run('2', '-f', file);
    expect(timeless(stdout)).toBe(
      `Checking the numbers of ${file} with 2 processes:
              97  P 0s
              98    0s
              99    0s
Total time: 0s
`,
    );
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('checks those of an empty file: none', async () => {
    const { stdout, status } = await run(
      '--as-completed',
      '-f',
      await fileOf(''),
    );
    expect(stdout).toMatch(/^Checking .*:\n0 checks in \d+\.\d\ds\n$/);
    expect(status).toBe(0);
  });

  it.each([
    ['process', []],
    ['thread', ['--as-completed']],
    ['serial', []],
  ] as const)(
    'prints results while standard input is open: %s %j',
    async (executor, options) => {
      const program = start('--executor', executor, '-f', '-', ...options);
      program.write('97\n');
      await program.waitFor(' 97  P');
      program.write('98\n9');
      await program.waitFor(' 98   ');
      program.write('9');
      program.endInput();
      const { stdout, status } = await program.finish();
      expect(stdout).toMatch(/^Checking the numbers of standard input .*:\n/);
      expect(stdout).toContain(' 99   ');
      expect(status).toBe(0);
    },
  );

  it.each([
    ['process', []],
    ['thread', ['--as-completed']],
    ['serial', []],
  ] as const)(
    'ends with its reader, however many numbers come: %s %j',
    async (executor, options) => {
      const program = start('--executor', executor, '-f', '-', ...options);
      const input = program.input(endless());
      await program.waitFor(' 97  P');
      program.closeStdout();
      expect(await program.finish()).toMatchObject({ status: 141, stderr: '' });
      await input;
    },
  );
});

describe('errors', () => {
  it.each([
    ['97\n# no\n9.5\n', ":3: expected an integer, got '9.5'"],
    [
      `97\n${'x'.repeat(99)}`,
      `:2: expected an integer, got '${'x'.repeat(40)}…'`,
    ],
    [
      '18446744073709551616',
      ':1: trial division takes integers below 2^64, got 18446744073709551616; use --method fast',
    ],
  ])('a bad line is named: %j', async (text, problem) => {
    const file = await fileOf(text);
    for (const options of [[], ['--as-completed'], ['--executor', 'serial']]) {
      const { stdout, stderr, status } = await run('1', '-f', file, ...options);
      expect(stderr).toBe(`proc-pool: error: ${file}${problem}\n`);
      expect(status).toBe(1);
      expect(stdout).not.toMatch(/Total time|checks in/);
    }
  });

  it('what stands before a bad line is checked', async () => {
    const { stdout } = await run('-f', await fileOf('97\n98\nx'));
    expect(stdout).toMatch(/ 97 {2}P.*\n.* 98 .*\n$/);
  });

  it('a line without an end is refused', async () => {
    const program = start('-f', '-');
    const input = program.input(endless('9'.repeat(10_000)));
    expect(await program.finish()).toMatchObject({
      stderr:
        'proc-pool: error: cannot read standard input: a line has more than 100000 characters\n',
      status: 1,
    });
    await input;
  });

  it.each([[[]], [['--as-completed']], [['--executor', 'serial']]])(
    'a bad line ends the program, although standard input is open: %j',
    async (options) => {
      const program = start('-f', '-', ...options);
      program.write('97\nx\n');
      expect(await program.finish()).toMatchObject({
        stderr:
          "proc-pool: error: standard input:2: expected an integer, got 'x'\n",
        status: 1,
      });
    },
  );

  it('a file that cannot be opened is named, before anything is printed', async () => {
    const { stdout, stderr, status } = await run('-f', 'no-such-file');
    expect(stderr).toMatch(
      /^proc-pool: error: cannot read no-such-file: ENOENT: .*\n$/,
    );
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
  });
});

function* endless(text = '97\n'): Generator<string> {
  for (;;) yield text.repeat(100);
}
