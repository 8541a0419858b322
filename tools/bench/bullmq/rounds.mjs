/*
 * The order of the measurements. In a round each contender makes each measurement once, one
 * right after the other, so that what slows the machine down for some minutes slows them
 * all. Who is first changes from round to round.
 */
import { rotated } from '../rotated.mjs';
import { measurements } from './cases.mjs';
import { contenders } from './columns.mjs';

/** @typedef {import('./cases.mjs').Measurement} Measurement */
/** @typedef {import('./columns.mjs').Contender} Contender */

/**
 * @typedef {object} Plan
 * @property {readonly string[]} contenders
 * @property {readonly string[]} names of the measurements
 * @property {number} rounds
 * @property {boolean} quick
 */

/**
 * @typedef {object} Step
 * @property {number} round from 0
 * @property {Measurement} measurement
 * @property {Contender} column
 */

/** @param {Plan} plan @returns {Measurement[]} */
export const measurementsOf = ({ names }) =>
  measurements.filter(({ name }) => names.includes(name));

/** @param {Plan} plan @param {Measurement} measurement @returns {Contender[]} */
export const columnsOf = (plan, measurement) =>
  contenders.filter(
    ({ name }) =>
      plan.contenders.includes(name) && measurement.contenders.includes(name),
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
