/*
 * The order of the runs. In a round each program is asked each question once, one program
 * right after the other. Who is first changes from round to round.
 */
import { rotated } from '../rotated.mjs';
import { measurements } from './cases.mjs';

/** @typedef {import('./cases.mjs').Measurement} Measurement */

/**
 * @typedef {import('./programs/program.mjs').Program &
 *   import('./programs/program.mjs').InstalledProgram} Installed
 */

/**
 * @typedef {object} Plan
 * @property {readonly Installed[]} programs
 * @property {readonly string[]} missing programs that are not installed
 * @property {readonly string[]} names of the measurements
 * @property {number} rounds
 * @property {boolean} quick
 */

/**
 * What is compared: a program, or proc-pool with a number of workers.
 *
 * @typedef {{ readonly name: string, readonly program: Installed } |
 *   { readonly name: string, readonly workers: number }} Column
 */

/**
 * @typedef {object} Step
 * @property {number} round from 0
 * @property {Measurement} measurement
 * @property {Column} column
 */

const pools = [
  { name: '2 workers', workers: 2 },
  { name: '1 worker', workers: 1 },
];

/** @param {Plan} plan @returns {Measurement[]} */
export const measurementsOf = ({ names }) =>
  measurements.filter(({ name }) => names.includes(name));

/** @param {Plan} plan @param {Measurement} measurement @returns {readonly Column[]} */
export function columnsOf({ programs }, { kind }) {
  if (kind === undefined) return pools;
  return programs
    .filter(({ kinds }) => kinds.includes(kind))
    .map((program) => ({ name: program.name, program }));
}

/** @param {Plan} plan @returns {Step[]} */
export const stepsOf = (plan) =>
  Array.from({ length: plan.rounds }, (_, round) =>
    measurementsOf(plan).flatMap((measurement) =>
      rotated(columnsOf(plan, measurement), round).map((column) => ({
        round,
        measurement,
        column,
      })),
    ),
  ).flat();
