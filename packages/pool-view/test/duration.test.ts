import { expect, test } from 'vitest';
import { shortDuration } from '../src/duration.ts';

test.each([
  [0, '0µs'],
  [0.42, '420µs'],
  [0.9994, '999µs'],
  [0.9996, '1ms'],
  [999.4, '999ms'],
  [999.6, '1.0s'],
  [59_940, '59.9s'],
  [59_960, '1m00s'],
  [125_000, '2m05s'],
  [3_599_400, '59m59s'],
  [3_599_600, '1h00m'],
  [360_000_000, '100h00m'],
])('%d ms are %s', (milliseconds, text) => {
  expect(shortDuration(milliseconds)).toBe(text);
});
