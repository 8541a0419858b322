import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCommandLine } from '../src/cli/command-line.ts';
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

/** The codes of a command line that asks for flags. */
function codes(...argv: string[]): readonly string[] {
  const { source } = parse(...argv);
  return source.kind === 'flags' ? source.codes : [];
}

test('the defaults', () => {
  expect(parse()).toEqual({
    mode: 'report',
    source: {
      kind: 'flags',
      codes:
        'BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN'.split(
          ' ',
        ),
      server: 'LOCAL',
      names: false,
      embedded: true,
    },
    concurrency: 20,
    directory: resolve('downloaded'),
    perHost: Infinity,
    rate: Infinity,
    timeout: 6100,
    connectTimeout: 10_000,
    stallTimeout: 30_000,
    retries: 0,
    maxBytes: 10_000_000,
    proxy: undefined,
    refresh: false,
    resume: false,
    progress: 'bar',
    log: false,
    har: undefined,
    timeline: undefined,
    trace: undefined,
  });
});

test('the defaults for a list, which may hold anything', () => {
  expect(parse('--input', 'urls.txt')).toMatchObject({
    source: { kind: 'list', file: 'urls.txt', limit: Infinity },
    concurrency: 30,
    timeout: Infinity,
    retries: 3,
    maxBytes: Infinity,
  });
  expect(parse('--input', '-', '-l', '7').source).toEqual({
    kind: 'list',
    file: '-',
    limit: 7,
  });
});

test('every option', () => {
  expect(
    parse(
      ...(
        '-a -l 100 -m 50 -s delay -v --names --timeout 0.5 --output out ' +
        '--no-embedded --per-host 4 --rate 2.5 --connect-timeout 1 ' +
        '--stall-timeout 2 --retries 0 --max-size 1.5M --refresh --resume ' +
        '--proxy http://localhost:3128 --log jsonl --har a.har --timeline b.html --trace c.json'
      ).split(' '),
    ),
  ).toMatchObject({
    source: { server: 'DELAY', names: true, embedded: false },
    concurrency: 50,
    timeout: 500,
    directory: resolve('out'),
    progress: 'lines',
    perHost: 4,
    rate: 2.5,
    connectTimeout: 1000,
    stallTimeout: 2000,
    retries: 0,
    maxBytes: 1_500_000,
    refresh: true,
    resume: true,
    proxy: 'http://localhost:3128',
    log: true,
    har: resolve('a.har'),
    timeline: resolve('b.html'),
    trace: resolve('c.json'),
  });
  expect(parse('--codes').mode).toBe('codes');
});

test.for([
  ['1', 1],
  ['500k', 500_000],
  ['10M', 10_000_000],
  ['2gb', 2_000_000_000],
] as const)('--max-size %s', ([text, bytes]) => {
  expect(parse('--max-size', text).maxBytes).toBe(bytes);
});

test.for(['bar', 'codes', 'lines', 'none'])('--progress %s', (kind) => {
  expect(parse('--progress', kind).progress).toBe(kind);
});

test('-al 100 is -a -l 100', () => {
  const first = codes('-al', '100');
  expect([first.length, first.at(-1)]).toEqual([100, 'LK']);
  expect(codes('-al100')).toEqual(first);
});

test('codes may stand among the options', () => {
  expect(codes('br', '-m', '2', 'us', '-v', 'cn')).toEqual(['BR', 'CN', 'US']);
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
      source: { codes: ['BR', 'CN', 'ID', 'IN', 'US'] },
    });
  });

  test('or the first five of the selected codes', () => {
    expect(futures('c').source).toMatchObject({
      codes: ['CA', 'CB', 'CC', 'CD', 'CE'],
    });
    expect(futures('c', '-l', '2').source).toMatchObject({
      codes: ['CA', 'CB'],
    });
    expect(futures('-l', '2').source).toMatchObject({ codes: ['BR', 'CN'] });
  });

  test.for(['--codes', '-v', '-m3', '--input=urls', '--names'])(
    'excludes %s',
    (option) => {
      expect(() => futures(option)).toThrow('cannot be used with');
    },
  );

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
    ['--input=', '--input must name a file, or be - for standard input', ''],
    ['--input urls br', '--input goes without country codes', 'br'],
    [
      '--input urls -a',
      "option '--input <FILE>' cannot be used with option '-a, --all'",
      undefined,
    ],
    [
      '--input urls -s LOCAL',
      "option '--input <FILE>' cannot be used with option '-s, --server <LABEL>'",
      undefined,
    ],
    ['--retries -1', '--retries must be >= 0', '-1'],
    ['--per-host 0', '--per-host must be >= 1', '0'],
    ['--rate 0', '--rate must be a number of requests a second above 0', '0'],
    [
      '--max-size 0',
      '--max-size must be a number of bytes such as 500K, 10M or 2G',
      '0',
    ],
    [
      '--max-size 1T',
      '--max-size must be a number of bytes such as 500K, 10M or 2G',
      '1T',
    ],
    ['--progress all', '--progress must be bar, codes, lines, none', 'all'],
    ['--log text', '--log must be jsonl', 'text'],
    ['--har=', '--har must name a file', ''],
    // A proxy may have a password, which is not to be shown.
    [
      '--proxy user:secret@localhost',
      '--proxy must be a URL such as http://localhost:3128, or none',
      undefined,
    ],
    [
      '-v --progress bar',
      "option '-v, --verbose' cannot be used with option '--progress <KIND>'",
      undefined,
    ],
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
