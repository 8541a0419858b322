import {
  formatFault,
  parseFault,
  PRESETS,
  startFlagServer,
  type FaultRule,
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
    try {
      const url = new URL(path, server.url);
      const { body } = await request(url, { reset: true });
      await body.text();
    } catch {
      // The server tells which fault it was.
    }
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

  it('makes all kinds of faults repeatable, whatever the concurrency', async () => {
    const kinds = ['reset', 'truncate', 'garbage', 'unavailable'] as const;
    const options = {
      seed: 'b',
      errorRate: 0.2,
      faults: kinds.map((kind) => ({ kind, rate: 0.15 })),
    };
    const calm = await run(options, 'one by one');
    const busy = await run(options, 'at once, backwards');
    expect(busy.requests).toEqual(calm.requests);
    expect(new Set(calm.requests.map(({ fault }) => fault))).toEqual(
      new Set(['error', ...kinds, undefined]),
    );
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

describe('the rules', () => {
  /** How often each kind is drawn for the requests for one path. */
  function draw(rules: FaultRule[], count: number) {
    const plan = new FaultPlan({ delay: { min: 0, max: 0 }, rules, seed: 'x' });
    return Array.from(
      { length: count },
      () => plan.next('/flags/x').rule?.kind ?? 'none',
    );
  }

  it('each get the share that their rate tells', () => {
    const drawn = draw(
      [
        { kind: 'error', rate: 0.5 },
        { kind: 'reset', rate: 0.3 },
        { kind: 'stall', rate: 0 },
      ],
      10_000,
    );
    const share = (kind: string) =>
      drawn.filter((other) => other === kind).length / drawn.length;
    expect(share('error')).toBeCloseTo(0.5, 1);
    expect(share('reset')).toBeCloseTo(0.3, 1);
    expect(share('none')).toBeCloseTo(0.2, 1);
    expect(share('stall')).toBe(0);
  });

  it('get what those before them leave', () => {
    const drawn = draw(
      [{ kind: 'error', rate: 0.6 }, { kind: 'reset' }, { kind: 'stall' }],
      1000,
    );
    expect(new Set(drawn)).toEqual(new Set(['error', 'reset']));
  });

  it('can hold for the first requests for a path only', async () => {
    expect(
      draw(
        [
          { kind: 'reset', times: 1 },
          { kind: 'error', times: 3 },
        ],
        5,
      ),
    ).toEqual(['reset', 'error', 'error', 'none', 'none']);

    const faults: FaultRule[] = [{ kind: 'too-many', times: 1 }];
    const { requests } = await run({ faults }, 'one by one');
    expect(statuses(requests)).toEqual(paths.flatMap(() => [429, 200]));
  });

  it('of the options do not hold for a path that has its own', async () => {
    const path = '/flags/cn/cn.gif';
    const { requests } = await run({ errorRate: 1 }, 'one by one', [
      `/fault/none${path}`,
      `/fault/unavailable:times=1${path}`,
      `/fault/wrong-type:0${path}`,
      `/fault/too%2Dmany%3A1%3A5${path}`,
      `/fault/unavailable/elsewhere`,
      path,
    ]);
    expect(requests.map((done) => [done.path, done.status])).toEqual([
      ['/fault/none/flags/cn/cn.gif', 200],
      ['/fault/none/flags/cn/cn.gif', 200],
      ['/fault/too%2Dmany%3A1%3A5/flags/cn/cn.gif', 429],
      ['/fault/too%2Dmany%3A1%3A5/flags/cn/cn.gif', 429],
      ['/fault/unavailable:times=1/flags/cn/cn.gif', 503],
      ['/fault/unavailable:times=1/flags/cn/cn.gif', 200],
      ['/fault/unavailable/elsewhere', 503],
      ['/fault/unavailable/elsewhere', 503],
      ['/fault/wrong-type:0/flags/cn/cn.gif', 200],
      ['/fault/wrong-type:0/flags/cn/cn.gif', 200],
      ['/flags/cn/cn.gif', 418],
      ['/flags/cn/cn.gif', 418],
    ]);
  });

  it('have paths that stay in the folder of flags', async () => {
    const { requests } = await run({}, 'one by one', [
      '/fault/none',
      '/fault/none/',
      '/fault/none//flags/cn/cn.gif',
      '/fault/none/flags/%2e%2e/README.md',
      '/fault/none/fault/none/flags/cn/cn.gif',
      '/fault/none/.well-known/flag-server',
    ]);
    expect(requests).toHaveLength(12);
    expect(new Set(statuses(requests))).toEqual(new Set([404]));
  });

  it('in a path are checked', async () => {
    await using server = await startFlagServer();
    const answer = async (fault: string) => {
      const url = new URL(`/fault/${fault}/flags/cn/cn.gif`, server.url);
      const { statusCode, body } = await request(url, { reset: true });
      return [statusCode, await body.text()];
    };
    expect(await answer('drip:1:0')).toEqual([
      400,
      'bytesPerSecond of fault drip must be an integer from 1 to 10000000, not 0\n',
    ]);
    expect(await answer('%ff')).toEqual([
      400,
      'fault must be percent-encoded UTF-8, not "%ff"\n',
    ]);
  });
});

describe('the text of a rule', () => {
  it.each<[string, FaultRule]>([
    ['reset', { kind: 'reset' }],
    ['reset:0.1', { kind: 'reset', rate: 0.1 }],
    ['drip:.5:500', { kind: 'drip', rate: 0.5, bytesPerSecond: 500 }],
    ['drip::500', { kind: 'drip', bytesPerSecond: 500 }],
    [
      'too-many:0.5:retryAfterDate=2:times=1',
      { kind: 'too-many', rate: 0.5, retryAfterDate: 2, times: 1 },
    ],
    ['wrong-length:1:-9', { kind: 'wrong-length', rate: 1, difference: -9 }],
  ])('%s is read, and written so that it is read again', (text, rule) => {
    expect(parseFault(text)).toEqual(rule);
    expect(parseFault(formatFault(rule))).toEqual(rule);
  });

  it.each([
    [
      'stal',
      'fault must be one of error, too-many, unavailable, redirect, redirect-origin, redirect-loop, wrong-type, reset, stall, garbage, reset-body, stall-body, truncate, drip, oversize, wrong-length, not "stal"',
    ],
    ['', /^fault must be one of .*, not ""$/],
    ['constructor', /not "constructor"$/],
    ['reset:x', 'rate of fault reset must be a number, not "x"'],
    ['reset:1e-1', 'rate of fault reset must be a number, not "1e-1"'],
    ['reset:2', 'rate of fault reset must be from 0 to 1, not 2'],
    ['reset:1:5', 'fault reset takes rate without a name, not also "5"'],
    [
      'drip:1:5:6',
      'fault drip takes rate and bytesPerSecond without a name, not also "6"',
    ],
    ['reset:hops=2', 'fault reset takes rate, times, not "hops"'],
    [
      'too-many:seconds=2',
      'fault too-many takes retryAfter, retryAfterDate, rate, times, not "seconds"',
    ],
    [
      'too-many:retryAfter=1:retryAfterDate=1',
      'fault too-many takes retryAfter or retryAfterDate, not both',
    ],
    [
      'error:1:200',
      'status of fault error must be an integer from 400 to 599, not 200',
    ],
    [
      'redirect:1:1.5',
      'hops of fault redirect must be an integer from 1 to 1000000, not 1.5',
    ],
    [
      'stall:times=0',
      'times of fault stall must be an integer from 1 to 9007199254740991, not 0',
    ],
  ])('%s is refused', (text, message) => {
    expect(() => parseFault(text)).toThrow(
      expect.objectContaining({ code: 'FLAGS_SERVER_OPTION' }) as Error,
    );
    expect(() => parseFault(text)).toThrow(message);
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
    [
      { faults: [{ kind: 'stall' }, { kind: 'reset', rate: NaN }] as const },
      /rate of fault reset must be from 0 to 1, not NaN$/,
    ],
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
