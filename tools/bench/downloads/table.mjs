/* The clients in one measurement as rows of text, for the terminal and for the document. */
import { ratioText, valueText } from '../numbers.mjs';
import { ratioBetween } from '../results.mjs';

/** @typedef {import('../results.mjs').Case} Case */
/** @typedef {import('./summary.mjs').Summary} Summary */
/** @typedef {import('./summary.mjs').Entry} Entry */

/** What stands where there is no value. */
const NOTHING = '–';

/**
 * The time, its spread, the other cases, and the time over that of each program of ours.
 *
 * @param {Summary} summary
 * @returns {{ head: string[], body: string[][] }}
 */
export function clientsTable({ measurement, entries }) {
  const [time, ...others] = measurement.cases;
  if (time === undefined) throw new Error('a measurement has a case for time');
  const programs = entries.filter(({ name }) =>
    measurement.programs.includes(name),
  );
  return {
    head: [
      'program',
      'at a time',
      time.unit,
      'smallest–largest',
      ...others.map(columnTitle),
      ...programs.map(({ name }) => `over ${name}`),
    ],
    body: entries.map((entry) => [
      entry.name,
      String(entry.concurrency),
      medianText(entry, time),
      spreadText(entry, time),
      ...others.map((of) => medianText(entry, of)),
      ...programs.map((program) => ratioCell(time, program, entry)),
    ]),
  };
}

/** @param {Case} of */
const columnTitle = ({ value, unit }) =>
  value === 'cpuSeconds' ? `CPU ${unit}` : unit;

/** @param {Entry} entry @param {Case} of */
function medianText({ values }, of) {
  const value = values.get(of.name);
  return value ? valueText(of, value.median) : NOTHING;
}

/** @param {Entry} entry @param {Case} of */
function spreadText({ values }, of) {
  const value = values.get(of.name);
  return value
    ? `${valueText(of, value.min)}–${valueText(of, value.max)}`
    : NOTHING;
}

/**
 * @param {Case} of
 * @param {Entry} program
 * @param {Entry} entry
 */
function ratioCell(of, program, entry) {
  const ours = program.values.get(of.name);
  const other = entry.values.get(of.name);
  if (!ours || !other || entry === program) return NOTHING;
  return ratioText(ratioBetween(of, ours.median, other.median));
}
