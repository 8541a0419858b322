/** Of one record as JSON. */
const RECORD_SIZE = 128;

/**
 * A plain object of about that many bytes as JSON: records as a database gives them.
 *
 * @param {number} size
 */
export function payloadObject(size) {
  const records = Array.from({ length: size / RECORD_SIZE }, (_, i) => ({
    id: 1_000_000 + i,
    name: `customer number ${String(1_000_000 + i)}`,
    active: i % 2 === 0,
    balance: 1_234.5,
    tags: ['first', 'second', 'third', 'fourth'],
  }));
  return { records };
}
