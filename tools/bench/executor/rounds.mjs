/*
 * The order of the measurements. In a round each library makes each measurement once, or some
 * times, one library right after the other, so that what slows the machine down for some
 * minutes slows them all. Who is first changes each time.
 */
import { rotated } from '../rotated.mjs';
import { caseNames, measurements } from './cases.mjs';
import { backends } from './columns.mjs';
import { runMeasurement } from './run-measurement.mjs';

/** @typedef {import('./cases.mjs').Measurement} Measurement */
/** @typedef {import('./columns.mjs').Column} Column */

/** What a measurement may take, in seconds. Most take less than ten. */
const LIMIT = 120;

/** How long a measurement warms up, and measures, at least, in milliseconds. */
const AT_LEAST = 1_000;
const AT_LEAST_QUICK = 200;

/**
 * @typedef {object} Plan
 * @property {readonly Column[]} columns
 * @property {readonly string[]} cases
 * @property {number} rounds
 * @property {boolean} quick
 */

/**
 * One measurement of one library in one round.
 *
 * @typedef {object} Step
 * @property {number} round from 0
 * @property {Measurement} measurement
 * @property {Column} column
 */

/** @param {Plan} plan @returns {Measurement[]} */
export function measurementsOf({ cases, quick }) {
  const all = cases.length === caseNames.length;
  return measurements.filter(
    ({ cases: own, notQuick }) =>
      own.some(({ name }) => cases.includes(name)) &&
      !(quick && all && notQuick),
  );
}

/** @param {Plan} plan @returns {Step[]} */
export function stepsOf(plan) {
  return Array.from({ length: plan.rounds }, (_, round) =>
    measurementsOf(plan)
      .filter(({ maxRounds = Infinity }) => round < maxRounds)
      .flatMap((measurement) =>
        backends
          .filter((backend) => (measurement.only ?? backend) === backend)
          .flatMap((backend) => {
            const columns = plan.columns.filter(
              (column) => column.backend === backend,
            );
            const { times = 1 } = measurement;
            return Array.from({ length: times }, (_, time) =>
              rotated(columns, round + time),
            ).flat();
          })
          .map((column) => ({ round, measurement, column })),
      ),
  ).flat();
}

/**
 * @param {Step} step
 * @param {boolean} quick
 * @param {Readonly<Record<string, number>>} calibration what calibrated measurements get
 */
export function runStep({ measurement, column }, quick, calibration) {
  const { kind, full, quick: less, calibrated } = measurement;
  const { limit = LIMIT, heap, atLeast = AT_LEAST } = measurement;
  const parameters = {
    ...full,
    ...(quick && less),
    atLeast: quick ? AT_LEAST_QUICK : atLeast,
    ...(calibrated && calibration),
  };
  return runMeasurement(column, kind, parameters, { limit, heap });
}

/**
 * How many iterations are a microsecond. Python has a loop of its own, and so its own.
 *
 * @param {Column} column
 */
export async function calibrate(column) {
  const allowed = { limit: LIMIT };
  const outcome = await runMeasurement(column, 'calibrate', {}, allowed);
  if ('error' in outcome) {
    throw new Error(`the calibration failed: ${outcome.error}`);
  }
  return outcome.values;
}
