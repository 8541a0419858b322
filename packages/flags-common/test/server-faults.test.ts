import {
  PRESETS,
  startFlagServer,
  type FlagRequest,
  type FlagServerOptions,
} from '@concurrent-executors/flags-common/server';
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { FaultPlan } from '../src/server/fault-plan.ts';

const codes = ['br', 'cn', 'de', 'eg', 'fr', 'id', 'in', 'jp', 'ng', 'us'];
const paths = codes.map((code) => `/flags/${code}/${code}.gif`);

/**
 * What a server reports of a run in which each of `targets` was asked for twice, in the
 * order of paths. Requests overlap or follow each other.
 */
async function run(
  options: FlagServerOptions,
  order: 'one by one' | 'at once, backwards',
  targets = paths,
): Promise<{ seed: string; requests: FlagRequest[] }> {
  const requests: FlagRequest[] = [];
  await using server = await startFlagServer({
    ...options,
    onRequest: (done) => requests.push(done),
  });
  const ask = async (path: string) => {
    const { body } = await request(new URL(path, server.url), { reset: true });
    await body.dump();
  };
  for (const round of [targets, targets]) {
    if (order === 'one by one') for (const path of round) await ask(path);
    else await Promise.all(round.toReversed().map(ask));
  }
  await server.close();
  return {
    seed: server.seed,
    requests: requests.sort((a, b) => a.path.localeCompare(b.path)),
  };
}

const statuses = (requests: readonly FlagRequest[]) =>
  requests.map(({ status }) => status);

describe('a seed', () => {
  const faults = { delay: { min: 0.0001, max: 0.003 }, errorRate: 0.5 };

  it('makes delays and errors repeatable, whatever the concurrency', async () => {
    const options = { ...faults, seed: 'a' };
    const calm = await run(options, 'one by one');
    const busy = await run(options, 'at once, backwards');
    expect(busy.requests).toEqual(calm.requests);
    expect(new Set(statuses(calm.requests))).toEqual(new Set([200, 418]));
    expect(new Set(calm.requests.map(({ delay }) => delay)).size).toBe(20);
  });

  it('is drawn if none is given, and then can be used again', async () => {
    const first = await run(faults, 'one by one');
    const second = await run(faults, 'one by one');
    expect(second.seed).not.toBe(first.seed);
    expect(second.requests).not.toEqual(first.requests);
    const again = await run({ ...faults, seed: first.seed }, 'one by one');
    expect(again).toEqual(first);
  });
});

describe('the faults', () => {
  it('keep to the range of delays and to the rate of errors', () => {
    const plan = new FaultPlan({
      delay: { min: 0.5, max: 5 },
      rules: [{ kind: 'error', rate: 0.25 }],
      seed: 'rate',
    });
    const drawn = Array.from({ length: 10_000 }, () => plan.next('/flags/x'));
    const delays = drawn.map(({ delay }) => delay).sort((a, b) => a - b);
    expect(delays.at(0)).toBeGreaterThanOrEqual(0.5);
    expect(delays.at(0)).toBeLessThan(0.51);
    expect(delays.at(5000)).toBeCloseTo(2.75, 0);
    expect(delays.at(-1)).toBeLessThan(5);
    expect(delays.at(-1)).toBeGreaterThan(4.99);
    const errors = drawn.filter(({ rule }) => rule).length;
    expect(errors).toBeGreaterThan(2300);
    expect(errors).toBeLessThan(2700);
  });

  it('do not depend on each other', () => {
    const plan = new FaultPlan({
      delay: { min: 0, max: 1 },
      rules: [{ kind: 'error', rate: 0.5 }],
      seed: 'independent',
    });
    const drawn = Array.from({ length: 10_000 }, () => plan.next('/flags/x'));
    const slowErrors = drawn.filter(({ delay, rule }) => rule && delay > 0.5);
    expect(slowErrors.length).toBeGreaterThan(2300);
    expect(slowErrors.length).toBeLessThan(2700);
  });

  it('never are errors at rate 0 and always at rate 1', async () => {
    const none = await run({ errorRate: 0 }, 'one by one');
    expect(new Set(statuses(none.requests))).toEqual(new Set([200]));
    const all = await run({ errorRate: 1 }, 'one by one');
    expect(new Set(statuses(all.requests))).toEqual(new Set([418]));
  });

  it('say what the book’s error server says', async () => {
    await using server = await startFlagServer({ errorRate: 1 });
    const { statusCode, statusText, body } = await request(
      `${server.url}/cn/cn.gif`,
      { reset: true },
    );
    expect(`${String(statusCode)} ${statusText}`).toBe("418 I'm a Teapot");
    expect(await body.text()).toBe("I'm a Teapot\n");
  });

  it('hold back what is not found too', async () => {
    const { requests } = await run(
      { delay: { min: 0.002, max: 0.002 } },
      'one by one',
      ['/flags/qq/qq.gif', '/elsewhere'],
    );
    expect(requests).toHaveLength(4);
    for (const done of requests) {
      expect(done).toMatchObject({ method: 'GET', delay: 0.002, status: 404 });
    }
  });
});

describe('the options', () => {
  it('have the book’s values as presets', () => {
    expect(PRESETS).toEqual({
      LOCAL: { label: 'LOCAL', delay: { min: 0, max: 0 }, errorRate: 0 },
      DELAY: { label: 'DELAY', delay: { min: 0.5, max: 5 }, errorRate: 0 },
      ERROR: { label: 'ERROR', delay: { min: 0.5, max: 5 }, errorRate: 0.25 },
    });
  });

  it.each([
    [{ errorRate: -0.1 }, /errorRate must be from 0 to 1, not -0.1$/],
    [{ errorRate: 25 }, /not 25$/],
    [{ errorRate: NaN }, /not NaN$/],
    [
      { delay: { min: 2, max: 1 } },
      /delay must have 0 <= min <= max <= 2147483 seconds, not min 2 and max 1$/,
    ],
    [{ delay: { min: -1, max: 1 } }, /not min -1 and max 1$/],
    [{ delay: { min: NaN, max: 1 } }, /not min NaN and max 1$/],
    [{ delay: { min: 0, max: Infinity } }, /not min 0 and max Infinity$/],
    [{ delay: { min: 0, max: 2147484 } }, /not min 0 and max 2147484$/],
    [{ port: 65536 }, /port must be an integer from 0 to 65535, not 65536$/],
    [{ port: 80.5 }, /not 80.5$/],
    [{ port: -1 }, /not -1$/],
    [{ host: '' }, /host must be an address, not empty$/],
  ])('%j are refused', async (options, message) => {
    const refusal: unknown = await startFlagServer(options).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(RangeError);
    expect(refusal).toMatchObject({ code: 'FLAGS_SERVER_OPTION' });
    expect(String(refusal)).toMatch(message);
  });
});
