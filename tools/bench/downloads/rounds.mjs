/*
 * The order of the runs. In a round each client downloads each list once for each number
 * of downloads at a time, one client right after the other. Who is first changes from
 * round to round.
 */
import { rotated } from '../rotated.mjs';
import { measurements } from './cases.mjs';
import { programNames } from './clients/programs.mjs';

/** @typedef {import('./cases.mjs').Measurement} Measurement */
/** @typedef {import('./installed.mjs').Installed} Installed */

/**
 * @typedef {object} Plan
 * @property {readonly Installed[]} clients
 * @property {readonly string[]} missing clients that are not installed
 * @property {readonly string[]} names of the measurements
 * @property {number} rounds
 * @property {boolean} quick
 */

/**
 * A client with a number of downloads at a time.
 *
 * @typedef {object} Column
 * @property {string} name of both
 * @property {Installed} client
 * @property {number} concurrency
 */

/**
 * @typedef {object} Step
 * @property {number} round from 0
 * @property {Measurement} measurement
 * @property {Column} column
 */

/** @param {Plan} plan @returns {Measurement[]} */
export const measurementsOf = ({ names }) =>
  measurements.filter(({ name }) => names.includes(name));

/**
 * Each program of ours has its measurements, and all others are compared with it.
 *
 * @param {Plan} plan
 * @param {Measurement} measurement
 * @returns {Column[]}
 */
export const columnsOf = ({ clients }, { programs, concurrency }) =>
  clients
    .filter(
      ({ name }) => programs.includes(name) || !programNames.includes(name),
    )
    .flatMap((client) =>
      concurrency.map((number) => ({
        name: `${client.name}, ${String(number)} at a time`,
        client,
        concurrency: number,
      })),
    );

/** @param {Plan} plan @returns {Step[]} */
export const stepsOf = (plan) =>
  Array.from({ length: plan.rounds }, (_, round) =>
    measurementsOf(plan)
      .filter(({ maxRounds = Infinity }) => round < maxRounds)
      .flatMap((measurement) =>
        rotated(columnsOf(plan, measurement), round).map((column) => ({
          round,
          measurement,
          column,
        })),
      ),
  ).flat();
