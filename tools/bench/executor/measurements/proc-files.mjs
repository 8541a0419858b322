/* What Linux tells of processes in /proc. */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * The processes that this one started, and those that they started. @param {number} pid
 * @returns {number[]}
 */
export function descendants(pid) {
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map(Number);
  return children.flatMap((child) => [child, ...descendants(child)]);
}

/** @param {string} pid */
function parentOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // `pid (name) state parent …`, and the name may have spaces and parentheses.
    return Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]);
  } catch {
    return undefined; // it has ended meanwhile
  }
}

/** @param {readonly number[]} pids */
export const proportionalMegabytes = (pids) =>
  sum(pids.map((pid) => megabytes(pid, 'Pss')));

/**
 * Exact, other than process.memoryUsage.rss(): Linux counts that for each processor, and adds
 * it up now and then.
 *
 * @param {number} pid
 */
export const residentMegabytes = (pid) => megabytes(pid, 'Rss');

/** @param {number} pid @param {'Pss' | 'Rss'} kind */
function megabytes(pid, kind) {
  const rollup = readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8');
  const line = rollup.split('\n').find((text) => text.startsWith(`${kind}:`));
  return Number(line?.split(/ +/)[1]) / 1_024;
}

/**
 * The time that all threads of the processes have had a processor.
 *
 * @param {readonly number[]} pids
 */
export function cpuMilliseconds(pids) {
  const nanoseconds = pids.flatMap((pid) => {
    const threads = `/proc/${String(pid)}/task`;
    return readdirSync(threads).map((id) => {
      // Unlike the ticks of `stat`, of 10 ms each, these are nanoseconds.
      const schedstat = readFileSync(`${threads}/${id}/schedstat`, 'utf8');
      return Number(schedstat.split(' ')[0]);
    });
  });
  return sum(nanoseconds) / 1e6;
}

const sum = (/** @type {readonly number[]} */ values) =>
  values.reduce((total, value) => total + value, 0);
