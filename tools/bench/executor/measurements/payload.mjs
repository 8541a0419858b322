import { payloadObject } from '../payload-object.mjs';
import { medianTime, timeLoops, warmUp } from './running.mjs';
import { openPool } from './subject.mjs';

/** The part of the tasks that is run at once before the clock starts. */
const WARM_UP_PART = 0.2;

/** @typedef {import('../../adapters/adapter.mjs').Pool} Pool */

/**
 * One call with a check of its result, for each shape of data.
 *
 * @type {Readonly<Record<string, (pool: Pool, size: number) => () => Promise<void>>>}
 */
const shapes = {
  object(pool, size) {
    const echo = pool.task('echo');
    const argument = payloadObject(size);
    const { length } = argument.records;
    return async () => {
      const result = /** @type {Partial<typeof argument>} */ (
        await echo(argument)
      );
      assertEqual(result.records?.length, length);
    };
  },
  text(pool, size) {
    const echo = pool.task('echo');
    // Flat, as what was read from somewhere is.
    const argument = Buffer.alloc(size, 'text').toString('latin1');
    return async () => {
      assertEqual(await echo(argument), argument);
    };
  },
  copy(pool, size) {
    const lengthOf = pool.task('lengthOf');
    // Not from the pool of small Buffers, and filled: untouched memory costs less.
    const argument = new Uint8Array(size).fill(1);
    return async () => {
      assertEqual(await lengthOf(argument), size);
      assertEqual(argument.byteLength, size);
    };
  },
  transfer(pool, size) {
    const lengthOf = pool.transferTask?.('lengthOf');
    if (!lengthOf) throw new Error('cannot transfer an argument');
    return async () => {
      // What was moved is gone, so each task needs its own.
      const argument = new Uint8Array(size);
      assertEqual(await lengthOf(argument, [argument.buffer]), size);
      assertEqual(argument.byteLength, 0);
    };
  },
};

/**
 * Tasks with large arguments, some at a time.
 *
 * @type {import('./subject.mjs').Measure}
 */
export async function measurePayload(subject, parameters) {
  const { shape, size, count, inFlight, atLeast } = parameters;
  const pool = await openPool(subject, ['echo', 'lengthOf'], {
    plainData: shape === 'object' || shape === 'text', // JSON has no bytes
  });
  const runOne = shapes[shape]?.(pool, size);
  if (!runOne) throw new Error(`there is no shape ${shape}`);
  await warmUp(atLeast, () =>
    timeLoops(count * WARM_UP_PART, inFlight, runOne),
  );
  const elapsed = await medianTime(atLeast, () =>
    timeLoops(count, inFlight, runOne),
  );
  return { perSecond: (count / elapsed) * 1_000 };
}

/** @param {unknown} actual @param {unknown} expected */
function assertEqual(actual, expected) {
  if (actual === expected) return;
  throw new Error(`got ${String(actual)}, expected ${String(expected)}`);
}
