import { expect, test } from 'vitest';
import { pauseBefore } from '../src/download/retry-policy.ts';
import type { Failed } from '../src/exchange/exchange.ts';

const failure = (failed: Partial<Failed>): Failed => ({
  kind: 'failed',
  code: 'FLAGS_HTTP_STATUS',
  message: '',
  ...failed,
});

const half = () => 0.5;

test.for([408, 425, 429, 500, 502, 503, 504, 599])(
  'status %i may pass',
  (status) => {
    expect(pauseBefore(failure({ status }), 1, half)).toBe(250);
  },
);

test.for([400, 401, 403, 404, 410, 418, 451])('status %i stays', (status) => {
  expect(pauseBefore(failure({ status }), 1, half)).toBeUndefined();
});

test.for(['FLAGS_NETWORK', 'FLAGS_TIMEOUT'] as const)('%s may pass', (code) => {
  expect(pauseBefore(failure({ code }), 1, half)).toBe(250);
});

test.for(['FLAGS_CONTENT', 'FLAGS_FILE_NAME', 'FLAGS_REDIRECT'] as const)(
  '%s stays',
  (code) => {
    expect(pauseBefore(failure({ code }), 1, half)).toBeUndefined();
  },
);

test('a host that is not there stays so', () => {
  const refusal = failure({ code: 'FLAGS_NETWORK', permanent: true });
  expect(pauseBefore(refusal, 1, half)).toBeUndefined();
});

test('the bound of the pause doubles, up to half a minute', () => {
  const bounds = [1, 2, 3, 4, 5, 6, 7, 8, 100].map((attempt) =>
    pauseBefore(failure({ status: 500 }), attempt, () => 1),
  );
  expect(bounds).toEqual([
    500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000,
  ]);
  expect(pauseBefore(failure({ status: 500 }), 9, () => 0)).toBe(0);
});

test('a server may ask for a pause, at most of two minutes', () => {
  const asked = (retryAfter: number) =>
    pauseBefore(failure({ status: 429, retryAfter }), 1, half);
  expect(asked(0)).toBe(0);
  expect(asked(7000)).toBe(7350);
  expect(asked(120_000)).toBe(126_000);
  expect(asked(121_000)).toBeUndefined();
});
