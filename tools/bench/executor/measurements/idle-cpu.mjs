import { setTimeout } from 'node:timers/promises';
import { cpuMilliseconds, descendants } from './proc-files.mjs';
import { timeBurst, warmUp } from './running.mjs';
import { openPool } from './subject.mjs';

/** Compilers and collectors of garbage go on for a while after the work. In milliseconds. */
const SETTLE = 1_000;

const WARM_UP_COUNT = 20_000;

/**
 * The processor time that the program and its workers use in a second in which there is
 * nothing to do.
 *
 * @type {import('./subject.mjs').Measure}
 */
export async function measureIdleCpu(subject, { seconds, atLeast }) {
  const pool = await openPool(subject, ['echo']);
  const echo = pool.task('echo');
  await warmUp(atLeast, () => timeBurst(echo, WARM_UP_COUNT));
  await setTimeout(SETTLE);
  const all = [process.pid, ...descendants(process.pid)];
  const before = cpuMilliseconds(all);
  await setTimeout(seconds * 1_000);
  return { perSecond: (cpuMilliseconds(all) - before) / seconds };
}
