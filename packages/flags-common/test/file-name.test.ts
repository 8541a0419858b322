import { describe, expect, test } from 'vitest';
import { fileNameOf, safeFileName, withSuffix } from '../src/list/file-name.ts';

describe('names become safe', () => {
  test.for([
    ["Côte d'Ivoire", "Côte d'Ivoire"],
    ['Congo (Kinshasa)', 'Congo (Kinshasa)'],
    ['Korea, North', 'Korea, North'],
    ['../../etc/passwd', '__.._etc_passwd'],
    ['..', '_'],
    ['/', '_'],
    ['', '_'],
    ['.downloads', '_downloads'],
    ['C:\\flag', 'C__flag'],
    ['a\0b\nc\x7f', 'a_b_c_'],
    ['evil\u202Egif.exe', 'evil_gif.exe'],
    ['St. Lucia. ', 'St. Lucia_'],
    ['con', '_con'],
    ['NUL.txt', '_NUL.txt'],
    ['console', 'console'],
    ['💚'.repeat(300), '💚'.repeat(50)],
    [`${'a'.repeat(300)}.tar`, `${'a'.repeat(196)}.tar`],
  ] as const)('%j', ([name, safe]) => {
    expect(safeFileName(name)).toBe(safe);
  });
});

test.for([
  ['https://site.test/', 'index.html'],
  ['https://site.test/a/', 'index.html'],
  ['https://site.test/a/b.gif?c=d/e#f', 'b.gif'],
  ['https://site.test/c%C3%B4te%20d.gif', 'côte d.gif'],
  ['https://site.test/a%2Fb', 'a_b'],
  ['https://site.test/..%2f..%2fpasswd', '__.._passwd'],
  ['https://site.test/100%', '100%'],
] as const)('%s is saved as %s', ([url, name]) => {
  expect(fileNameOf(new URL(url))).toBe(name);
});

test('a suffix comes before the extension', () => {
  expect(withSuffix('a.b.gif', '1')).toBe('a.b-1.gif');
  expect(withSuffix('README', '1')).toBe('README-1');
  expect(withSuffix(`a.${'b'.repeat(30)}`, '1')).toBe(`a.${'b'.repeat(30)}-1`);
});
