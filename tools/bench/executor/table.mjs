/* The results of one backend as rows of text, for the terminal and for the document. */
import { numberText, ratioText } from '../numbers.mjs';
import { ratioOf } from '../results.mjs';
import { libraryNames } from './columns.mjs';

/** @typedef {import('./results.mjs').Result} Result */

/** What stands where a library has no value. */
const NOTHING = '–';

/** The libraries that have been measured, in their order. @param {readonly Result[]} results */
export const librariesOf = (results) =>
  libraryNames.filter((library) =>
    results.some(
      ({ values, failures }) => values.has(library) || failures.has(library),
    ),
  );

/**
 * @param {readonly Result[]} results of one backend
 * @returns {{ head: string[], body: string[][] }}
 */
export function medianTable(results) {
  const libraries = librariesOf(results);
  return {
    head: ['case', 'unit', ...libraries, 'ratio'],
    body: results.map((result) => [
      result.of.name,
      result.of.unit,
      ...libraries.map((library) => {
        const value = result.values.get(library);
        return value ? numberText(value.median) : NOTHING;
      }),
      ratioText(ratioOf(result)),
    ]),
  };
}

/** The smallest and the largest value of all rounds. @param {readonly Result[]} results */
export function spreadTable(results) {
  const libraries = librariesOf(results);
  return {
    head: ['case', 'unit', ...libraries],
    body: results.map((result) => [
      result.of.name,
      result.of.unit,
      ...libraries.map((library) => {
        const value = result.values.get(library);
        if (!value) return NOTHING;
        return `${numberText(value.min)}–${numberText(value.max)}`;
      }),
    ]),
  };
}

/** What could not be measured, and why. @param {readonly Result[]} results */
export const failureLines = (results) =>
  results.flatMap(({ of, backend, failures }) =>
    [...failures].map(
      ([library, reason]) => `${of.name}, ${backend}, ${library}: ${reason}`,
    ),
  );
