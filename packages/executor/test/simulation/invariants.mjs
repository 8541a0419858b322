/*
 * What must hold of the futures and workers all the time, as it is seen from
 * outside.
 */
import { mostPendingOvertaken, mostRunning } from './bounds.mjs';
import { attemptsOf, nameOf, priorityOf } from './jobs.mjs';

/**
 * @typedef {import('./model.mjs').Model} Model
 * @typedef {import('@concurrent-executors/executor').FutureState} FutureState
 */

/**
 * What may be seen when a future is looked at again.
 *
 * @type {Readonly<Record<FutureState, readonly FutureState[]>>}
 */
const successors = {
  pending: ['pending', 'running', 'cancelled', 'finished'],
  running: ['running', 'finished'],
  cancelled: ['cancelled'],
  finished: ['finished'],
};

/**
 * Holds at any time, also in a done callback.
 *
 * @param {Model} model
 */
export function checkFutures(model) {
  const count = { pending: 0, running: 0, cancelled: 0, finished: 0 };
  const { submitted } = model;
  for (const job of submitted) {
    const { state, done } = job.future;
    model.check(
      successors[job.seen].includes(state),
      `${nameOf(job)} went from ${job.seen} to ${state}`,
    );
    model.check(
      job.calledBack === (done ? 1 : 0),
      `${nameOf(job)} is ${state} and called back ${String(job.calledBack)} times`,
    );
    job.seen = state;
    count[state] += 1;
  }
  model.check(
    count.pending + count.running + model.completed.length === submitted.length,
    `${String(submitted.length)} submitted, but ${String(count.pending)} pending, ${String(count.running)} running, ${String(model.completed.length)} settled`,
  );
}

/**
 * Holds between the steps. In a done callback the executor may be in the middle
 * of a change: when a worker has died, say, its tasks fail one after the other.
 *
 * @param {Model} model
 */
export function checkStep(model) {
  checkFutures(model);
  const { submitted, settings } = model;
  const running = submitted.filter(({ future }) => future.running);
  // One that is to be run again is running too while it waits in the queue.
  const withWorker = running.filter((job) => attemptsOf(job) === 1);
  model.check(
    withWorker.length <= mostRunning(settings) || model.kills > 0,
    `${String(withWorker.length)} tasks run at once: ${withWorker.map(nameOf).join(', ')}`,
  );
  const overtaken = submitted.filter(
    (waiting) =>
      waiting.future.state === 'pending' &&
      waiting.inOrder &&
      running.some(
        (job) =>
          job.number > waiting.number &&
          priorityOf(job) === priorityOf(waiting),
      ),
  );
  model.check(
    overtaken.length <= mostPendingOvertaken(settings),
    `later tasks run, and yet ${overtaken.map(nameOf).join(', ')} waits`,
  );
  const { workers } = model.surroundings.watch;
  model.check(
    workers.length <= settings.maxWorkers,
    `there are ${String(workers.length)} workers at once`,
  );
}
