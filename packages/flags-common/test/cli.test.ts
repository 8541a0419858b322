import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../src/cli.ts';
import type { Program } from '../src/program.ts';

const program: Program = {
  name: 'flags-test',
  defaultConcurrency: 30,
  maxConcurrency: 1000,
  downloadMany: () => ({
    [Symbol.asyncIterator]: () => {
      throw new Error('the command line downloads nothing');
    },
  }),
};
const withFutures: Program = {
  ...program,
  showFutures: () => Promise.resolve(0),
};

const parse = (...argv: string[]) => parseCommandLine(program, argv);

test('the defaults', () => {
  expect(parse()).toEqual({
    mode: 'report',
    codes: 'BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN'.split(
      ' ',
    ),
    concurrency: 20,
    server: 'LOCAL',
    timeout: 6100,
    directory: resolve('downloaded'),
    names: false,
    verbose: false,
    embedded: true,
  });
});

test('every option', () => {
  expect(
    parse(
      ...'-a -l 100 -m 50 -s delay -v --names --timeout 0.5 --output out --no-embedded'.split(
        ' ',
      ),
    ),
  ).toMatchObject({
    concurrency: 50,
    server: 'DELAY',
    timeout: 500,
    directory: resolve('out'),
    names: true,
    verbose: true,
    embedded: false,
  });
  expect(parse('--codes').mode).toBe('codes');
});

test('-al 100 is -a -l 100', () => {
  const { codes } = parse('-al', '100');
  expect([codes.length, codes.at(-1)]).toEqual([100, 'LK']);
  expect(parse('-al100').codes).toEqual(codes);
});

test('codes may stand among the options', () => {
  expect(parse('br', '-m', '2', 'us', '-v', 'cn').codes).toEqual([
    'BR',
    'CN',
    'US',
  ]);
});

test('--max_req is --max-req', () => {
  expect(parse('--max_req', '7').concurrency).toBe(7);
  expect(parse('--max_req=7').concurrency).toBe(7);
  expect(parse('--max-req', '7').concurrency).toBe(7);
});

test('concurrency is the least of --max-req, the maximum and the number of codes', () => {
  expect(parse('-e').concurrency).toBe(30);
  expect(parse('-e', '-m', '5000').concurrency).toBe(676);
  expect(
    parseCommandLine({ ...program, maxConcurrency: 1 }, ['-e', '-m', '9'])
      .concurrency,
  ).toBe(1);
  expect(parse('br', 'us', '-m', '9').concurrency).toBe(2);
});

describe('--futures', () => {
  const futures = (...argv: string[]) =>
    parseCommandLine(withFutures, ['--futures', ...argv]);

  test('takes the five most populous countries', () => {
    expect(futures()).toMatchObject({
      mode: 'futures',
      codes: ['BR', 'CN', 'ID', 'IN', 'US'],
    });
  });

  test('or the first five of the selected codes', () => {
    expect(futures('c').codes).toEqual(['CA', 'CB', 'CC', 'CD', 'CE']);
    expect(futures('c', '-l', '2').codes).toEqual(['CA', 'CB']);
    expect(futures('-l', '2').codes).toEqual(['BR', 'CN']);
  });

  test.for(['--codes', '-v', '-m3'])('excludes %s', (option) => {
    expect(() => futures(option)).toThrow('cannot be used with');
  });

  test('only where the program has it', () => {
    expect(() => parse('--futures')).toThrow("unknown option '--futures'");
  });
});

describe('usage errors', () => {
  test.for([
    ['-m 0', '--max-req must be >= 1', '0'],
    ['--max_req -1', '--max-req must be >= 1', '-1'],
    ['-m many', '--max-req must be an integer', 'many'],
    ['-m 1.5', '--max-req must be an integer', '1.5'],
    ['-l 0', '--limit must be >= 1', '0'],
    ['-l 0x10', '--limit must be an integer', '0x10'],
    ['-s NEAR', '--server must be one of DELAY, ERROR, LOCAL, REMOTE', 'NEAR'],
    ['ABC', 'each CC must be A to Z or AA to ZZ', 'ABC'],
    [
      '--timeout 0',
      '--timeout must be a number of seconds from 0.001 to 86400',
      '0',
    ],
    [
      '--timeout soon',
      '--timeout must be a number of seconds from 0.001 to 86400',
      'soon',
    ],
    [
      '--timeout 86401',
      '--timeout must be a number of seconds from 0.001 to 86400',
      '86401',
    ],
    ['--output=', '--output must name a folder', ''],
    ['--unknown', "unknown option '--unknown'", undefined],
    ['-l', "option '-l, --limit <N>' argument missing", undefined],
    [
      '--codes -v',
      "option '--codes' cannot be used with option '-v, --verbose'",
      undefined,
    ],
  ] as const)('%s', ([argv, message, received]) => {
    expect(() => parse(...argv.split(' '))).toThrow(
      expect.objectContaining({ message, code: 'FLAGS_USAGE', received }),
    );
  });
});
