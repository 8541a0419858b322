/*
 * What the test can do with the executor at any moment: as a step, and when the
 * executor calls it back. To draw a call is to decide all that the seed decides
 * about it; which job "the one at 0.3" is shows when it is made.
 */
import {
  abort,
  addLateCallback,
  cancel,
  shutdown,
  terminate,
} from './operations.mjs';

/**
 * @typedef {import('./jobs.mjs').SubmittedJob} SubmittedJob
 * @typedef {import('./model.mjs').Model} Model
 * @typedef {import('./random.mjs').Random} Random
 *
 * @typedef {(model: Model) => void} Call
 */

/**
 * @param {(model: Model, job: SubmittedJob) => void} operation
 * @returns {(random: Random) => Call}
 */
const onSomeJob = (operation) => (random) => {
  // Rather one of the last: the first ones are done already.
  const at = Math.sqrt(random.fraction());
  return (model) => {
    const job = model.pick(at);
    if (job !== undefined) operation(model, job);
  };
};

export const drawCancel = onSomeJob(cancel);
export const drawAbort = onSomeJob(abort);
export const drawLateCallback = onSomeJob(addLateCallback);

/** @param {Random} random @returns {Call} */
export function drawShutdown(random) {
  const cancelFutures = random.chance(0.5);
  return (model) => {
    shutdown(model, { cancelFutures });
  };
}

/** @returns {Call} */
export const drawTerminate = () => terminate;
