import { expect, test } from 'vitest';
import { Gate, type GateClock, type GateLimits } from '../src/download/gate.ts';

function gateWith(
  limits: Partial<GateLimits>,
  stop = new AbortController(),
  clock?: GateClock,
): Gate {
  return new Gate(
    { rate: Infinity, perHost: Infinity, ...limits },
    stop.signal,
    clock,
  );
}

/** A request that ends when it is told to. */
class Request {
  started = false;
  end!: () => void;
  readonly #ended = new Promise<void>((resolve) => {
    this.end = resolve;
  });

  readonly run = (): Promise<void> => {
    this.started = true;
    return this.#ended;
  };
}

/** Lets all that is ready happen. */
const settle = () => new Promise(setImmediate);

test('so many requests go to a host at once, the others in order', async () => {
  const gate = gateWith({ perHost: 2 });
  const requests = Array.from({ length: 5 }, () => new Request());
  const passed = requests.map(({ run }) => gate.pass('a', run));
  const other = new Request();
  const elsewhere = gate.pass('b', other.run);
  const started = async (): Promise<boolean[]> => {
    await settle();
    return requests.map((request) => request.started);
  };
  expect(await started()).toEqual([true, true, false, false, false]);
  expect(other.started).toBe(true);
  requests[1]?.end();
  expect(await started()).toEqual([true, true, true, false, false]);
  requests[0]?.end();
  requests[2]?.end();
  expect(await started()).toEqual([true, true, true, true, true]);
  for (const { end } of [...requests, other]) end();
  await Promise.all([...passed, elsewhere]);
  // The places are free again, also those that nobody waited for.
  const later = [1, 2].map((n) => gate.pass('a', () => Promise.resolve(n)));
  expect(await Promise.all(later)).toEqual([1, 2]);
});

test('a request that fails makes room, too', async () => {
  const gate = gateWith({ perHost: 1 });
  const failed = gate.pass('a', () => Promise.reject(new Error('no')));
  const next = gate.pass('a', () => Promise.resolve('yes'));
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
});

/** A clock that stands still but for those who wait. */
class FakeClock implements GateClock {
  time = 1000;
  /** For how long somebody has waited. */
  readonly waits: number[] = [];

  now(): number {
    return this.time;
  }

  async sleep(duration: number): Promise<void> {
    this.waits.push(duration);
    const end = this.time + duration;
    await settle();
    this.time = Math.max(this.time, end);
  }
}

test('requests are spread evenly', async () => {
  const clock = new FakeClock();
  const gate = gateWith({ rate: 100 }, new AbortController(), clock);
  const pass = () => gate.pass('a', () => Promise.resolve());
  await Promise.all([pass(), pass(), pass(), pass()]);
  expect(clock.waits).toEqual([10, 20, 30]);
  // A pause of ours gives no right to several at once.
  clock.time += 1000;
  await Promise.all([pass(), pass()]);
  expect(clock.waits).toEqual([10, 20, 30, 10]);
});

test('a host that asks for a pause gets it, and no other', async () => {
  const clock = new FakeClock();
  const gate = gateWith({}, new AbortController(), clock);
  gate.pause('a', 50);
  gate.pause('a', 1);
  await gate.pass('b', () => Promise.resolve());
  expect(clock.waits).toEqual([]);
  expect(await gate.pass('a', () => Promise.resolve(clock.time))).toBe(1050);
  await gate.pass('a', () => Promise.resolve());
  expect(clock.waits).toEqual([50]);
});

test('whoever waits is turned away when the run ends', async () => {
  const stop = new AbortController();
  const gate = gateWith({ perHost: 1, rate: 0.001 }, stop);
  const running = new Request();
  const passed = gate.pass('a', running.run);
  const forHost = gate.pass('a', () => Promise.resolve());
  const forTurn = gate.pass('b', () => Promise.resolve());
  const outcomes = Promise.allSettled([forHost, forTurn]);
  await settle();
  stop.abort(new Error('the end'));
  expect((await outcomes).map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
  ]);
  await expect(gate.pass('c', () => Promise.resolve())).rejects.toThrow(
    'the end',
  );
  running.end();
  await passed;
});
