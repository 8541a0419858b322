import { Progress } from './progress.mjs';
import { Samples } from './samples.mjs';

/**
 * Makes all measurements, one at a time, and tells how far it is.
 *
 * @template {import('./samples.mjs').Step} S
 * @param {readonly S[]} steps
 * @param {(step: S) => Promise<import('./run-program.mjs').Outcome>} run
 */
export async function runSteps(steps, run) {
  const samples = new Samples();
  const progress = new Progress(steps.length);
  process.on('exit', () => {
    progress.close();
  });
  for (const step of steps) {
    progress.begin(step);
    if (samples.hasFailed(step)) {
      progress.end(step, undefined);
      continue;
    }
    const outcome = await run(step);
    samples.add(step, outcome);
    progress.end(step, outcome);
  }
  progress.close();
  return samples;
}
