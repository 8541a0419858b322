/* Units, and cases of which there are several that differ in a number. */

/** @typedef {import('./cases.mjs').Measurement} Measurement */

export const perSecond = /** @type {const} */ ({
  value: 'perSecond',
  unit: 'tasks/s',
  better: 'higher',
});
export const ofIdeal = /** @type {const} */ ({
  value: 'percent',
  unit: '% of ideal',
  better: 'higher',
});
const microsecondsPerTask = /** @type {const} */ ({
  value: 'microseconds',
  unit: 'µs/task',
  better: 'lower',
});
export const milliseconds = /** @type {const} */ ({
  value: 'milliseconds',
  unit: 'ms',
  better: 'lower',
});

/** @param {number} inFlight @param {number} count @returns {Measurement} */
export const inFlight = (inFlight, count) => ({
  kind: 'in-flight',
  full: { inFlight, count },
  quick: { count: count / 5 },
  cases: [
    {
      name: `in-flight-${String(inFlight)}`,
      about: `no-op tasks, always ${String(inFlight)} at a time: the next is submitted when one is done`,
      ...perSecond,
    },
  ],
});

/** @param {string} name @param {string} about @param {object} full @returns {Measurement} */
export const payload = (name, about, full) => ({
  kind: 'payload',
  full,
  cases: [{ name, about, ...perSecond }],
});

/**
 * How long tasks of computation are done before they are measured, in milliseconds. They are so
 * few that V8 goes on compiling for three seconds.
 */
export const WORK_WARM_UP = 5_000;

/**
 * @param {string} duration
 * @param {number} microseconds
 * @param {number} times
 * @returns {Measurement}
 */
export const work = (duration, microseconds, times) => ({
  kind: 'efficiency',
  calibrated: true,
  full: { loads: [{ times, microseconds }], repeats: 3 },
  quick: { loads: [{ times: times / 5, microseconds }] },
  atLeast: WORK_WARM_UP,
  cases: [
    {
      name: `work-${duration}`,
      about: `${times.toLocaleString('en')} tasks of ${duration.replace('us', ' µs').replace('ms', ' ms')} of computation, submitted at once`,
      ...ofIdeal,
    },
  ],
});

/**
 * @param {string} power
 * @param {number} count
 * @param {number} repeats
 * @returns {Measurement}
 */
export const queued = (power, count, repeats) => ({
  kind: 'burst',
  full: { count, repeats },
  quick: { repeats: 1 },
  cases: [
    {
      name: `queued-${power}`,
      about: `${count.toLocaleString('en')} no-op tasks submitted at once: the cost of one`,
      ...microsecondsPerTask,
    },
  ],
});
