import { expect, test } from 'vitest';
import { outcomeLine } from '../src/download/outcome.ts';
import {
  downloadsReport,
  emptyTally,
  finalReport,
  flagsReport,
  listReport,
} from '../src/report.ts';

const site = { label: 'DELAY', url: 'http://localhost:8001/flags' };

test('up to ten codes are listed', () => {
  const codes = 'AA AB AC AD AE AF AG AH AI AJ'.split(' ');
  expect(flagsReport({ ...site, codes, concurrency: 3 })).toBe(
    [
      'DELAY site: http://localhost:8001/flags',
      'Searching for 10 flags: AA, AB, AC, AD, AE, AF, AG, AH, AI, AJ',
      '3 concurrent connections will be used.',
    ].join('\n'),
  );
});

test('of more codes the first and the last are shown', () => {
  const codes = 'AA AB AC AD AE AF AG AH AI AJ AK'.split(' ');
  expect(flagsReport({ ...site, codes, concurrency: 30 })).toContain(
    'Searching for 11 flags: from AA to AK\n30 concurrent',
  );
});

test('one code and one connection are singular', () => {
  expect(flagsReport({ ...site, codes: ['BR'], concurrency: 1 })).toContain(
    'Searching for 1 flag: BR\n1 connection will be used.',
  );
});

test('the folder stands for the codes of a list', () => {
  const run = { directory: '/home/flags', concurrency: 5 };
  expect(listReport({ ...run, file: 'urls.txt' })).toBe(
    'List: urls.txt\nFolder: /home/flags\n5 concurrent connections will be used.',
  );
  expect(listReport({ ...run, file: '-' })).toContain('List: standard input\n');
});

test('the final report has a line for everything that occurred', () => {
  const tally = { OK: 43, UNCHANGED: 3, PRESENT: 1, NOT_FOUND: 35, ERROR: 2 };
  expect(finalReport(tally, 'flag', 1719.6)).toBe(
    [
      '--------------------',
      '43 flags downloaded.',
      '3 unchanged.',
      '1 already there.',
      '35 not found.',
      '2 errors.',
      'Elapsed time: 1.72s',
    ].join('\n'),
  );
});

test('the final report leaves out what did not occur, except the downloads', () => {
  const none = emptyTally();
  expect(finalReport({ ...none, OK: 1, ERROR: 1 }, 'flag', 100)).toBe(
    '--------------------\n1 flag downloaded.\n1 error.\nElapsed time: 0.10s',
  );
  expect(finalReport(none, 'file', 0)).toBe(
    '--------------------\n0 files downloaded.\nElapsed time: 0.00s',
  );
});

test('one line for each outcome', () => {
  const common = {
    label: 'BR',
    url: 'http://x/br.gif',
    attempts: 1,
    elapsed: 1,
  };
  const found = { ...common, file: 'BR.gif', bytes: 1 };
  expect(outcomeLine({ ...found, status: 'OK' })).toBe('BR OK');
  expect(outcomeLine({ ...found, status: 'UNCHANGED' })).toBe('BR unchanged');
  expect(outcomeLine({ ...found, status: 'PRESENT' })).toBe('BR already there');
  expect(outcomeLine({ ...common, status: 'NOT_FOUND' })).toBe(
    'BR not found: http://x/br.gif',
  );
  expect(
    outcomeLine({
      ...common,
      status: 'ERROR',
      code: 'FLAGS_HTTP_STATUS',
      message: 'HTTP error 418',
    }),
  ).toBe('BR error: HTTP error 418');
});

test('the report of the first programs', () => {
  expect(downloadsReport(20, 1234)).toBe('20 downloads in 1.23s');
  expect(downloadsReport(1, 1234)).toBe('1 download in 1.23s');
});
