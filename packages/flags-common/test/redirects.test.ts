import { expect, test } from 'vitest';
import { redirected } from '../src/download/redirects.ts';

const from = 'https://site.test/a/b';

test.for([
  ['c', 'https://site.test/a/c'],
  ['/c?d=1#e', 'https://site.test/c?d=1'],
  ['https://site.test:443/c', 'https://site.test/c'],
  ['https://site.test:8443/c', 'https://site.test:8443/c'],
  ['https://other.test/c', 'https://other.test/c'],
  ['//other.test/c', 'https://other.test/c'],
  ['https://you:other@other.test/c', 'https://other.test/c'],
] as const)('to %s', ([location, target]) => {
  expect(redirected(from, location)).toBe(target);
});

test('from http to https', () => {
  expect(redirected('http://site.test/', 'https://site.test/')).toBe(
    'https://site.test/',
  );
});

test.for([
  ['http://site.test/', 'refused a redirect from https to http://site.test'],
  ['file:///etc/passwd', 'refused a redirect to file:'],
  ['javascript:1', 'refused a redirect to javascript:'],
  ['http://', 'redirected to "http://", which is no URL'],
] as const)('not to %s', ([location, problem]) => {
  expect(() => redirected(from, location)).toThrow(
    expect.objectContaining({
      code: 'FLAGS_REDIRECT',
      message: `${problem}: ${from}`,
    }),
  );
});
