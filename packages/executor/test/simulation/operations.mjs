/*
 * What the test does with the executor and its futures, each with what must be
 * true right after it.
 */
import { PoolExecutor } from '@concurrent-executors/executor';
import { startsByItself } from './bounds.mjs';
import { attemptsOf, nameOf } from './jobs.mjs';

/**
 * @typedef {import('./jobs.mjs').Job} Job
 * @typedef {import('./jobs.mjs').SubmittedJob} SubmittedJob
 * @typedef {import('./model.mjs').Model} Model
 */

/** @param {Model} model @param {SubmittedJob} job */
export function cancel(model, job) {
  const before = job.future.state;
  const cancelled = job.future.cancel();
  const { state } = job.future;
  model.note(`cancel ${nameOf(job)}, ${before}: ${String(cancelled)}`);
  const expected =
    before === 'pending'
      ? mayStillBeCancelled(model, state)
      : before === 'cancelled';
  model.check(
    cancelled === expected && cancelled === (state === 'cancelled'),
    `cancel() of ${nameOf(job)}, ${before}, was ${String(cancelled)}, and it is ${state}`,
  );
  job.withdrawn ||= cancelled;
}

/** @param {Model} model @param {SubmittedJob} job */
export function abort(model, job) {
  const before = job.future.state;
  model.note(`abort ${nameOf(job)}, ${before}`);
  const reason = new Error(`abort of ${nameOf(job)}`);
  if (!job.future.done) job.reasons.push(reason);
  job.future.abort(reason);
  afterAbort(model, job, before);
}

/** Aborts all that was submitted with this signal, and all that will be. @param {Model} model @param {number} at */
export function abortSignal(model, at) {
  const index = Math.floor(at * model.signals.length);
  const controller = model.signals[index];
  if (controller === undefined || controller.signal.aborted) return;
  model.note(`abort signal ${String(index)}`);
  const affected = model.submitted
    .filter(
      ({ draft, future }) => draft.limits.signal === index && !future.done,
    )
    .map((job) => ({ job, before: job.future.state }));
  const reason = new Error(`abort of signal ${String(index)}`);
  for (const { job } of affected) job.reasons.push(reason);
  controller.abort(reason);
  for (const { job, before } of affected) afterAbort(model, job, before);
}

/** @param {Model} model @param {SubmittedJob} job @param {string} before */
function afterAbort(model, job, before) {
  const { state } = job.future;
  if (before === 'pending') {
    if (mayStillBeCancelled(model, state)) {
      job.reasons = []; // a run of it was never told
      job.withdrawn = true;
    }
    model.check(
      job.withdrawn === (state === 'cancelled'),
      `${nameOf(job)} was pending when it was aborted, and is ${state}`,
    );
  } else if (before !== 'running') {
    model.check(state === before, `abort made ${nameOf(job)} ${state}`);
  } else if (attemptsOf(job) === 1 && !model.isCalledBack) {
    // Otherwise no run of it may be left: it waits for the next one, or its
    // worker has just ended.
    model.check(
      state === 'running',
      `${nameOf(job)} was running when it was aborted, and is ${state} at once`,
    );
  }
}

/**
 * Whether a job that was pending can be cancelled for sure, and is not started in
 * the same moment by a worker that has it already.
 *
 * @param {Model} model
 * @param {import('@concurrent-executors/executor').FutureState} state that it has after the attempt
 */
const mayStillBeCancelled = ({ settings }, state) =>
  !(startsByItself(settings) && (state === 'running' || state === 'finished'));

/** @param {Model} model @param {SubmittedJob} job */
export function addLateCallback(model, { future }) {
  const { done } = future;
  model.note(`add a callback to ${String(future)}`);
  let calls = 0;
  future.addDoneCallback((argument) => {
    calls += 1;
    model.check(
      calls === 1 && argument === future && future.done,
      `a late callback was called ${String(calls)} times, last with ${String(argument)}`,
    );
  });
  model.check(
    !done || calls === 1,
    `a callback added to ${String(future)} was not called at once`,
  );
  model.atEnd(() => {
    model.check(calls === 1, `a late callback of ${String(future)} is missing`);
  });
}

/** Lets one of the tasks at the gate go on. @param {Model} model @param {number} at */
export function release(model, at) {
  const held = model.releasable;
  const number = held[Math.floor(at * held.length)];
  if (number !== undefined) model.release(number);
}

/** Ends one of the workers from outside. @param {Model} model @param {number} at */
export function kill(model, at) {
  const { workers } = model.surroundings.watch;
  const worker = workers[Math.floor(at * workers.length)];
  if (worker !== undefined) model.kill(worker);
}

/** @param {Model} model @param {{ cancelFutures: boolean }} options */
export function shutdown(model, options) {
  const { cancelFutures } = options;
  model.closed = true;
  model.queueCancelled ||= cancelFutures;
  close(model, `shutdown(${JSON.stringify(options)})`, () =>
    model.executor.shutdown(options),
  );
  if (cancelFutures) checkNonePending(model, 'shutdown({ cancelFutures })');
}

/** @param {Model} model */
export function dispose(model) {
  model.closed = true;
  close(model, 'dispose', () => model.executor[Symbol.asyncDispose]());
}

/** @param {Model} model */
export function terminate(model) {
  const { executor } = model;
  if (!(executor instanceof PoolExecutor)) return;
  model.closed = true;
  model.terminated = true;
  close(model, 'terminateWorkers()', () => executor.terminateWorkers());
  checkNonePending(model, 'terminateWorkers()');
}

/** @param {Model} model @param {string} name @param {() => PromiseLike<unknown>} call */
function close(model, name, call) {
  model.note(name);
  const closed = Promise.resolve(call()).then(() => {
    model.note(`  ${name} is done`);
    const left = model.unfinished();
    model.check(
      left.length === 0,
      `${name} was done, and yet ${left.join(', ')}`,
    );
  });
  model.background(name, closed);
}

/** @param {Model} model @param {string} call */
function checkNonePending(model, call) {
  // In a callback, a call further up the stack may be about to do it.
  if (model.isCalledBack) return;
  const pending = model.submitted.filter(
    ({ future }) => future.state === 'pending',
  );
  model.check(
    pending.length === 0,
    `after ${call} ${pending.map(nameOf).join(', ')} is pending`,
  );
}
