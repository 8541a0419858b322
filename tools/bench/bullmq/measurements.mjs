/* The kinds of measurements. Each checks the results. */
import { quantile } from '../statistics.mjs';

/**
 * @typedef {object} Subject
 * @property {import('./columns.mjs').Contender} contender
 * @property {import('./submitter.mjs').Submitter} submitter
 * @property {readonly import('./worker-process.mjs').WorkerProcess[]} workers
 * @property {{ info: () => Promise<Record<string, number>> }} redis
 */

/** @typedef {(subject: Subject, parameters: any) => Promise<Record<string, number>>} Measure */

/** Tasks before the clock starts, all at once and then one at a time. */
const WARM_UP = 2_000;
const ALONE_BEFORE = 200;

/** If no task is done for so many milliseconds, those that are left count as unsettled. */
const PATIENCE = 30_000;

/** @type {Readonly<Record<string, Measure>>} */
export const measurements = {
  burst: measureBurst,
  'in-flight': measureInFlight,
  'round-trip': measureRoundTrip,
  payload: measurePayload,
  map: measureMap,
};

const callsOf = (/** @type {number} */ count) =>
  Array.from({ length: count }, (_, i) => [i, 1]);

/** All at once: how long it takes, and what it costs whom. @type {Measure} */
async function measureBurst(subject, { count }) {
  await burst(subject, WARM_UP);
  const before = await costs(subject);
  const { elapsed, unsettled } = await burst(subject, count);
  const after = await costs(subject);
  const each = (/** @type {'submitter' | 'workers' | 'redis'} */ who) =>
    (after[who] - before[who]) / count;
  return {
    perSecond: ((count - unsettled) / elapsed) * 1_000,
    seconds: elapsed / 1_000,
    unsettled,
    submitter: each('submitter'),
    workers: each('workers'),
    redis: each('redis'),
    redisMegabytes: after.peak / 1e6,
  };
}

/** @param {Subject} subject @param {number} count */
async function burst({ contender, submitter, workers }, count) {
  const calls = callsOf(count);
  if (contender.noResults) {
    const counting = await workers[0]?.startCounting(count);
    const start = performance.now();
    await submitter.send?.('add', calls);
    await counting?.counted;
    return { elapsed: performance.now() - start, unsettled: 0 };
  }
  const start = performance.now();
  const runs = submitter.runAll('add', calls);
  const { lastAt, unsettled } = await settled(runs, (i) => i + 1);
  return { elapsed: lastAt - start, unsettled };
}

/**
 * When the last one was done, and how many never were.
 *
 * @param {readonly PromiseLike<unknown>[]} runs
 * @param {(i: number) => unknown} expected
 * @returns {Promise<{ lastAt: number, unsettled: number }>}
 */
function settled(runs, expected) {
  return new Promise((resolve, reject) => {
    let unsettled = runs.length;
    let lastAt = performance.now();
    const end = () => {
      clearInterval(timer);
      resolve({ lastAt, unsettled });
    };
    const timer = setInterval(() => {
      if (performance.now() - lastAt > PATIENCE) end();
    }, 1_000);
    runs.forEach((run, i) => {
      run.then((result) => {
        if (result !== expected(i)) {
          reject(new Error(`result ${String(i)} is ${String(result)}`));
        }
        unsettled -= 1;
        lastAt = performance.now();
        if (unsettled === 0) end();
      }, reject);
    });
  });
}

/** Processor time in microseconds so far, and the most memory of Redis. @param {Subject} subject */
async function costs({ workers, redis }) {
  const usages = await Promise.all(workers.map((worker) => worker.usage()));
  const info = await redis.info();
  const { user, system } = process.cpuUsage();
  return {
    submitter: user + system,
    workers: usages.reduce((sum, usage) => sum + usage, 0),
    redis:
      ((info.used_cpu_user ?? NaN) + (info.used_cpu_sys ?? NaN)) * 1_000_000,
    peak: info.used_memory_peak ?? NaN,
  };
}

/** The next when one is done. @type {Measure} */
async function measureInFlight(subject, { count, inFlight }) {
  const { submitter } = subject;
  const runOne = async (/** @type {number} */ i) => {
    assertIs(await submitter.run('add', i, 1), i + 1);
  };
  await loops(WARM_UP, inFlight, runOne);
  const elapsed = await loops(count, inFlight, runOne);
  return { perSecond: (count / elapsed) * 1_000 };
}

/** One at a time. @type {Measure} */
async function measureRoundTrip(subject, { count }) {
  const { submitter } = subject;
  await burst(subject, WARM_UP);
  const times = [];
  for (let i = 0; i < ALONE_BEFORE + count; i += 1) {
    const start = performance.now();
    assertIs(await submitter.run('add', i, 1), i + 1);
    if (i >= ALONE_BEFORE) times.push(performance.now() - start);
  }
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}

/** Large arguments, and results. @type {Measure} */
async function measurePayload({ submitter }, { shape, size, count, inFlight }) {
  const text = 'x'.repeat(size);
  const bytes = new Uint8Array(size).fill(7);
  const runOne = async () => {
    if (shape === 'text') assertIs(await submitter.run('echo', text), text);
    else assertIs(await submitter.run('lengthOf', bytes), size);
  };
  await loops(Math.ceil(count / 10), inFlight, runOne);
  const elapsed = await loops(count, inFlight, runOne);
  return { perSecond: (count / elapsed) * 1_000 };
}

/** Many short calls in chunks; where there is no map, one by one. @type {Measure} */
async function measureMap(subject, { count, chunkSize, alone }) {
  const { submitter } = subject;
  if (!submitter.map) return measureBurst(subject, { count: alone });
  const map = async (/** @type {number} */ items) => {
    const column = Array.from({ length: items }, (_, i) => i);
    const start = performance.now();
    const results = await submitter.map?.('add', [column, column], chunkSize);
    const elapsed = performance.now() - start;
    assertIs(results?.length, items);
    results?.forEach((result, i) => {
      assertIs(result, 2 * i);
    });
    return elapsed;
  };
  await map(count / 10);
  return { perSecond: (count / (await map(count))) * 1_000 };
}

/**
 * So many loops, each of which awaits one after the other.
 *
 * @param {number} count of all
 * @param {number} inFlight how many loops
 * @param {(i: number) => Promise<void>} runOne
 */
async function loops(count, inFlight, runOne) {
  let next = 0;
  const loop = async () => {
    while (next < count) {
      next += 1;
      await runOne(next - 1);
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: inFlight }, loop));
  return performance.now() - start;
}

/** @param {unknown} result @param {unknown} expected */
function assertIs(result, expected) {
  if (result !== expected) throw new Error('a task gives a wrong result');
}
