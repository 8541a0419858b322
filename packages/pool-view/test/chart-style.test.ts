import { chartStyle } from '@concurrent-executors/pool-view';
import { afterEach, expect, test, vi } from 'vitest';
import { Writable } from 'node:stream';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A stream that says of itself what a terminal says. */
function terminal(of: {
  isTTY?: boolean;
  columns?: number;
  hasColors?: () => boolean;
}) {
  return Object.assign(new Writable(), of);
}

test('a terminal gives its width and its colours', () => {
  const stream = terminal({ isTTY: true, columns: 123, hasColors: () => true });
  expect(chartStyle(stream, {})).toEqual({
    width: 123,
    color: true,
    ascii: false,
  });
});

test('what is no terminal has 80 columns and no colours', () => {
  expect(chartStyle(terminal({}), {})).toEqual({
    width: 80,
    color: false,
    ascii: false,
  });
});

test.each([
  [{ LANG: 'en_US.UTF-8' }, false],
  [{ LANG: 'C.utf8' }, false],
  [{ LANG: 'C' }, true],
  [{ LANG: 'de_DE.ISO-8859-1' }, true],
  [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, true],
  [{ LC_ALL: '', LC_CTYPE: 'C.UTF-8', LANG: 'C' }, false],
])('in the locale %j ASCII is %j', (environment, ascii) => {
  expect(chartStyle(terminal({}), environment)).toMatchObject({ ascii });
});

test('a dumb terminal gets ASCII', () => {
  vi.stubEnv('TERM', 'dumb');
  expect(chartStyle(terminal({ isTTY: true }), {})).toMatchObject({
    ascii: true,
  });
});
