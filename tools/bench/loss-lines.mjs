import { ratioText, valueText } from './numbers.mjs';
import { bestPeer, ratioOf } from './results.mjs';

/**
 * A line for each result where another one is better.
 *
 * @param {readonly import('./results.mjs').Result[]} results
 */
export const lossLines = (results) =>
  results.flatMap((result) => {
    const ratio = ratioOf(result);
    const { of, backend, values } = result;
    const ours = values.get(result.ours);
    const peer = bestPeer(result);
    if (ratio === null || ratio >= 1 || !ours || !peer) return [];
    return `${of.name}, ${backend}: ${valueText(of, ours.median)} ${of.unit}, ${peer.name} ${valueText(of, peer.median)} (${ratioText(ratio)})`;
  });
