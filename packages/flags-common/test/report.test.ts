import { expect, test } from 'vitest';
import { outcomeLine } from '../src/outcome.ts';
import { downloadsReport, finalReport, initialReport } from '../src/report.ts';

const site = { label: 'DELAY', url: 'http://localhost:8001/flags' };

test('up to ten codes are listed', () => {
  const codes = 'AA AB AC AD AE AF AG AH AI AJ'.split(' ');
  expect(initialReport({ ...site, codes, concurrency: 3 })).toBe(
    [
      'DELAY site: http://localhost:8001/flags',
      'Searching for 10 flags: AA, AB, AC, AD, AE, AF, AG, AH, AI, AJ',
      '3 concurrent connections will be used.',
    ].join('\n'),
  );
});

test('of more codes the first and the last are shown', () => {
  const codes = 'AA AB AC AD AE AF AG AH AI AJ AK'.split(' ');
  expect(initialReport({ ...site, codes, concurrency: 30 })).toContain(
    'Searching for 11 flags: from AA to AK\n30 concurrent',
  );
});

test('one code and one connection are singular', () => {
  expect(initialReport({ ...site, codes: ['BR'], concurrency: 1 })).toContain(
    'Searching for 1 flag: BR\n1 connection will be used.',
  );
});

test('the final report has a line for everything that occurred', () => {
  expect(finalReport({ OK: 43, NOT_FOUND: 35, ERROR: 2 }, 1719.6)).toBe(
    [
      '--------------------',
      '43 flags downloaded.',
      '35 not found.',
      '2 errors.',
      'Elapsed time: 1.72s',
    ].join('\n'),
  );
});

test('the final report leaves out what did not occur, except the flags', () => {
  expect(finalReport({ OK: 1, NOT_FOUND: 0, ERROR: 1 }, 100)).toBe(
    '--------------------\n1 flag downloaded.\n1 error.\nElapsed time: 0.10s',
  );
  expect(finalReport({ OK: 0, NOT_FOUND: 0, ERROR: 0 }, 0)).toBe(
    '--------------------\n0 flags downloaded.\nElapsed time: 0.00s',
  );
});

test('one line for each outcome', () => {
  expect(outcomeLine({ cc: 'BR', status: 'OK' })).toBe('BR OK');
  expect(
    outcomeLine({ cc: 'QQ', status: 'NOT_FOUND', url: 'http://x/qq.gif' }),
  ).toBe('QQ not found: http://x/qq.gif');
  expect(
    outcomeLine({ cc: 'BR', status: 'ERROR', message: 'HTTP error 418' }),
  ).toBe('BR error: HTTP error 418');
});

test('the report of the first programs', () => {
  expect(downloadsReport(20, 1234)).toBe('20 downloads in 1.23s');
  expect(downloadsReport(1, 1234)).toBe('1 download in 1.23s');
});
