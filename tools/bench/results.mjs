/* How one of ours compares with its peers in a case. */

/** @typedef {import('./samples.mjs').Value} Value */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {string} about one line for the document
 * @property {string} value which of the values that the measurement gives
 * @property {string} unit
 * @property {'higher' | 'lower'} better
 */

/**
 * One case of one of ours, and of its peers.
 *
 * @typedef {object} Result
 * @property {Case} of
 * @property {string} backend
 * @property {string} ours whose value is compared with all others
 * @property {readonly string[]} [bounds] those who do less: shown, but not compared with
 * @property {ReadonlyMap<string, Value>} values by name
 */

/**
 * The best other value of the row; undefined if there is none.
 *
 * @param {Result} result
 */
export function bestPeer({ of, ours, bounds = [], values }) {
  const sorted = [...values]
    .filter(([name]) => name !== ours && !bounds.includes(name))
    .sort(([, a], [, b]) => a.median - b.median);
  const best = of.better === 'higher' ? sorted.at(-1) : sorted[0];
  return best && { name: best[0], median: best[1].median };
}

/**
 * Our value over another, turned so that more than 1 means that ours is better; null if
 * that says nothing.
 *
 * @param {Case} of
 * @param {number} ours
 * @param {number} other
 */
export function ratioBetween({ better }, ours, other) {
  const ratio = better === 'higher' ? ours / other : other / ours;
  return Number.isFinite(ratio) ? ratio : null; // as of two that are 0
}

/**
 * Our value over the best of the others; null if there is nothing to compare.
 *
 * @param {Result} result
 */
export function ratioOf(result) {
  const ours = result.values.get(result.ours);
  const peer = bestPeer(result);
  if (!ours || !peer) return null;
  return ratioBetween(result.of, ours.median, peer.median);
}

/**
 * The rows for a program to read.
 *
 * @param {string} suite
 * @param {readonly Result[]} results
 */
export const jsonRows = (suite, results) =>
  results.map((result) => ({
    suite,
    case: result.of.name,
    backend: result.backend,
    unit: result.of.unit,
    better: result.of.better,
    ours: result.values.get(result.ours)?.median ?? null,
    peers: Object.fromEntries(
      [...result.values]
        .filter(([name]) => name !== result.ours)
        .map(([name, { median }]) => [name, median]),
    ),
    ratio: ratioOf(result),
  }));
