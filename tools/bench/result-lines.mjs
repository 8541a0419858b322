/* What results say in a line each. */
import { numberText, ratioText } from './numbers.mjs';
import { bestPeer, ratioOf } from './results.mjs';

/** @typedef {import('./results.mjs').Result} Result */

/** What could not be measured, and why. @param {readonly Result[]} results */
export const failureLines = (results) =>
  results.flatMap(({ of, backend, failures }) =>
    [...failures].map(
      ([name, reason]) => `${of.name}, ${backend}, ${name}: ${reason}`,
    ),
  );

/** Where another one is better. @param {readonly Result[]} results */
export const lossLines = (results) =>
  results.flatMap((result) => {
    const ratio = ratioOf(result);
    const { of, backend, values } = result;
    const ours = values.get(result.ours);
    const peer = bestPeer(result);
    if (ratio === null || ratio >= 1 || !ours || !peer) return [];
    return `${of.name}, ${backend}: ${numberText(ours.median)} ${of.unit}, ${peer.name} ${numberText(peer.median)} (${ratioText(ratio)})`;
  });
