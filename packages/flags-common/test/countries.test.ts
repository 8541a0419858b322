import {
  ALL,
  POP20,
  selectCodes,
  type Selection,
} from '@concurrent-executors/flags-common';
import { describe, expect, test } from 'vitest';

const nothing: Selection = { codes: [], all: false, every: false };

function select(...codes: string[]): string[] {
  return selectCodes({ ...nothing, codes });
}

test('nothing selected means the 20 most populous countries, sorted', () => {
  expect(selectCodes(nothing).join(' ')).toBe(
    'BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN',
  );
  expect(POP20.slice(0, 5)).toEqual(['CN', 'IN', 'US', 'ID', 'BR']);
});

test('all are the 194 codes from AD to ZW, without DO', () => {
  const codes = selectCodes({ ...nothing, all: true });
  expect(codes).toEqual(ALL);
  expect(codes).toEqual([...codes].sort());
  expect([codes.length, codes[0], codes.at(-1)]).toEqual([194, 'AD', 'ZW']);
  expect(codes).not.toContain('DO');
});

test('every are the 676 codes from AA to ZZ', () => {
  const codes = selectCodes({ ...nothing, every: true });
  expect(new Set(codes).size).toBe(676);
  expect([codes[0], codes[1], codes[26], codes.at(-1)]).toEqual([
    'AA',
    'AB',
    'BA',
    'ZZ',
  ]);
});

test('a letter stands for its 26 codes', () => {
  const codes = select('a', 'B', 'c');
  expect([codes.length, codes[0], codes.at(-1)]).toEqual([78, 'AA', 'CZ']);
});

test('codes are upper-cased, sorted and taken once', () => {
  expect(select('us', 'BR', 'Us', 'br')).toEqual(['BR', 'US']);
  expect(select('b', 'br')).toHaveLength(26);
});

test('every beats all beats the codes', () => {
  const codes = ['BR'];
  expect(selectCodes({ codes, all: true, every: false })).toHaveLength(194);
  expect(selectCodes({ codes, all: true, every: true })).toHaveLength(676);
});

test('the limit applies last, also to the default', () => {
  expect(
    selectCodes({ ...nothing, codes: ['us', 'br', 'br', 'cn'], limit: 2 }),
  ).toEqual(['BR', 'CN']);
  expect(selectCodes({ ...nothing, all: true, limit: 100 }).at(-1)).toBe('LK');
  expect(selectCodes({ ...nothing, limit: 3 })).toEqual(['BD', 'BR', 'CD']);
  expect(selectCodes({ ...nothing, limit: 999 })).toHaveLength(20);
});

describe('refused', () => {
  test.for([
    '',
    'BRA',
    '1',
    'B1',
    ' B',
    'B ',
    'é',
    'ß',
    'ſ',
    'ı',
    'ﬁ',
    'Ａ',
    'B\n',
  ])('%j', (code) => {
    expect(() => select('BR', code)).toThrow(
      expect.objectContaining({
        message: 'each CC must be A to Z or AA to ZZ',
        code: 'FLAGS_USAGE',
        received: code,
      }),
    );
  });

  test('even where all of them replace it', () => {
    expect(() =>
      selectCodes({ codes: ['BRA'], all: true, every: true }),
    ).toThrow('each CC');
  });
});
