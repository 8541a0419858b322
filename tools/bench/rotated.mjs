/**
 * The values with another one first, so that in each round another one begins.
 *
 * @template T
 * @param {readonly T[]} values
 * @param {number} by
 */
export function rotated(values, by) {
  const place = values.length > 0 ? by % values.length : 0;
  return [...values.slice(place), ...values.slice(0, place)];
}
