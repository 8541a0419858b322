/*
 * Whether a job may have come out as it did. What a task does by itself is the
 * rule; each other outcome needs its cause.
 */
import {
  AbortError,
  BrokenExecutorError,
  ExecutorError,
  ExecutorShutdownError,
  ExecutorTerminatedError,
  TimeoutError,
  WorkerExitError,
} from '@concurrent-executors/executor';
import { inspect } from 'node:util';
import { losesUnstarted } from './bounds.mjs';
import {
  attemptsOf,
  deeds,
  isCancelled,
  isShort,
  isStopped,
  nameOf,
} from './jobs.mjs';
import { Journal } from './journal.mjs';

/**
 * @typedef {import('./jobs.mjs').Job} Job
 * @typedef {import('./jobs.mjs').Outcome} Outcome
 * @typedef {import('./jobs.mjs').SubmittedJob} SubmittedJob
 * @typedef {import('./model.mjs').Model} Model
 *
 * @typedef {object} Facts
 * @property {Model} model
 * @property {Journal} journal
 *
 * @typedef {Record<string, number>} Tally how many tasks came out how
 */

/** A worker that does not answer for so many milliseconds is ended with all its tasks. */
const LOOP_PATIENCE = 1_000;

/**
 * Checks a run that is over.
 *
 * @param {Model} model all its futures are done
 * @param {readonly import('./watch.mjs').EndedWorker[]} ended
 * @returns {Promise<Tally>}
 */
export async function judge(model, ended) {
  const journal = new Journal(model.journalPath, model.jobs, model.settings);
  for (const job of model.submitted) job.outcome = await outcomeOf(job, model);
  for (const job of model.jobs) {
    const problem = problemOf(job, { model, journal });
    model.check(problem === undefined, `${nameOf(job)} ${String(problem)}`);
  }
  const problem = journal.problem();
  model.check(problem === undefined, String(problem));
  for (const { name, exitCode, signal } of ended) {
    model.check(
      exitCode === 0 || mayEndByForce(name, model, journal),
      `${name} ended with ${String(signal ?? exitCode)}, although nothing ended it`,
    );
  }
  model.checkEnd();
  /** @type {Tally} */
  const tally = {};
  for (const { outcome } of model.jobs) {
    const kind = kindOf(outcome);
    tally[kind] = (tally[kind] ?? 0) + 1;
  }
  return tally;
}

/** @param {SubmittedJob} job @param {Model} model @returns {Promise<Outcome>} */
async function outcomeOf(job, model) {
  const { future } = job;
  /** @type {Outcome} */
  const outcome = await future.then(
    (value) => ({ value }),
    (/** @type {unknown} */ error) => ({ error }),
  );
  model.check(
    future.failed === ('error' in outcome && !future.cancelled) &&
      future.cancelled === isCancelled(outcome),
    `${nameOf(job)} is ${String(future)} and ${shown(outcome)}`,
  );
  return outcome;
}

/**
 * @param {string} worker
 * @param {Model} model
 * @param {Journal} journal
 */
function mayEndByForce(worker, model, journal) {
  return (
    model.terminated ||
    model.settings.initializer === 'fails' ||
    journal.crashes.has(worker) ||
    journal.kills.has(worker) ||
    model.jobs.filter(isStopped).some((job) => {
      const starts = journal.starts.get(job.number) ?? [];
      // It may have been on its way to the worker.
      return starts.length < attemptsOf(job) || starts.includes(worker);
    })
  );
}

/**
 * @param {Job} job
 * @param {Facts} facts
 * @returns {string | undefined} what is wrong
 */
function problemOf(job, facts) {
  const { journal } = facts;
  const starts = journal.starts.get(job.number) ?? [];
  if (starts.length > attemptsOf(job)) {
    return `ran ${String(starts.length)} times, in ${starts.join(', ')}`;
  }
  const again = starts
    .slice(0, -1)
    .find((worker) => !mayHaveFailed(job, worker, facts));
  if (again !== undefined) {
    return `ran again, although its run in ${again} had not failed`;
  }
  const attempts = journal.attempts.get(job.number) ?? [];
  const wrong = attempts.find(({ told, starts }) => told !== starts);
  if (!journal.mayMissStarts && wrong !== undefined) {
    return `took attempt ${String(wrong.starts)} for ${String(wrong.told)}`;
  }
  const { outcome } = job;
  if (outcome === undefined) return undefined; // an item of a map that was left
  if (job.withdrawn && !isCancelled(outcome)) {
    return `was cancelled, and yet it ${shown(outcome)}`;
  }
  const because = causes(job, outcome, facts);
  if (because === undefined) return `has no reason to have ${shown(outcome)}`;
  if (because.started !== undefined && because.started !== starts.length > 0) {
    return `${shown(outcome)}, although it ran ${String(starts.length)} times`;
  }
  if (
    because.failed === true &&
    !isStopped(job) &&
    !journal.mayMissStarts &&
    starts.length < attemptsOf(job)
  ) {
    return `${shown(outcome)} after ${String(starts.length)} of ${String(attemptsOf(job))} attempts`;
  }
  return undefined;
}

/** Whether a run of a job is a reason for another one. @param {Job} job @param {string} worker @param {Facts} facts */
function mayHaveFailed(job, worker, { model, journal }) {
  const { deed } = job.draft.order;
  const returns = deed === 'return' || deed === 'returnAndExit';
  return (
    (journal.ends.has(job.number) && !returns) ||
    mayEndByForce(worker, model, journal)
  );
}

/**
 * @typedef {object} Cause
 * @property {boolean} [started] whether the task must have run; left out: it may have or not
 * @property {boolean} [failed] whether all its attempts must have failed
 */

/**
 * Why this outcome is right.
 *
 * @param {Job} job
 * @param {Outcome} outcome
 * @param {Facts} facts
 * @returns {Cause | undefined} undefined if it is wrong
 */
function causes(job, outcome, { model, journal }) {
  const { deed, limits } = job.draft;
  const { own } = /** @type {import('./jobs.mjs').Deed} */ (deeds[deed]);
  if (own?.(outcome, job) === true) {
    if (deed === 'hasBadArgument') return { started: false };
    return journal.ends.has(job.number)
      ? { started: true, failed: 'error' in outcome }
      : undefined;
  }
  if (!('error' in outcome)) return undefined;
  const { error } = outcome;
  if (isCancelled(outcome)) {
    return job.withdrawn || model.queueCancelled
      ? { started: false }
      : undefined;
  }
  if (error instanceof AbortError) {
    return job.reasons.length > 0 && error.cause === job.reasons[0]
      ? {}
      : undefined;
  }
  if (error instanceof TimeoutError) {
    if (isShort(limits.timeout)) return {};
    return isShort(limits.queueTimeout) ? { started: false } : undefined;
  }
  if (error instanceof ExecutorTerminatedError) {
    return model.terminated ? {} : undefined;
  }
  if (error instanceof ExecutorShutdownError) {
    // From submit, at the item of a map.
    return model.closed && job.future === undefined
      ? { started: false }
      : undefined;
  }
  if (error instanceof BrokenExecutorError) {
    // One with retries may have been in the queue again.
    if (!model.mayBeBroken) return undefined;
    return limits.retries === undefined ? { started: false } : {};
  }
  return error instanceof WorkerExitError
    ? lostWith(error, job, { model, journal })
    : undefined;
}

/**
 * The same for a task that was lost with its worker.
 *
 * @param {WorkerExitError} error
 * @param {Job} job
 * @param {Facts} facts
 * @returns {Cause | undefined}
 */
function lostWith(error, job, { model, journal }) {
  const { settings } = model;
  const starts = journal.starts.get(job.number) ?? [];
  const started = starts.at(-1) === error.worker;
  // Otherwise it was on its way there, perhaps for another attempt.
  const kill = journal.kills.get(error.worker);
  const mayBeUnstarted =
    (kill !== undefined || losesUnstarted(settings)) &&
    starts.length < attemptsOf(job);
  if (!started && !mayBeUnstarted) return undefined;

  // The tasks of a worker that was not ready are given to another one.
  if (kill !== undefined) return kill.isNew ? undefined : { failed: true };
  if (settings.tasksPerWorker > 1 && model.jobs.some(mayHaveBlocked)) {
    return { failed: true };
  }
  const crash = journal.crashes.get(error.worker);
  if (crash?.exitCode !== error.exitCode || crash.signal !== error.signal) {
    return undefined;
  }
  const isOwn = crash.job === job.number;
  // It ended its worker after it had answered: the answer counts.
  if (journal.ends.has(crash.job)) return isOwn ? undefined : { failed: true };
  if (isOwn) return started ? { failed: true } : undefined;
  return settings.tasksPerWorker > 1 ? { failed: true } : undefined;
}

/**
 * Whether the worker of a job that was to end may have looked blocked, as it does
 * on a machine that is too slow.
 *
 * @param {Job} job
 */
const mayHaveBlocked = (job) =>
  isStopped(job) &&
  (job.settledAt ?? Infinity) - job.submittedAt > LOOP_PATIENCE;

/** @param {Outcome | undefined} outcome */
function kindOf(outcome) {
  if (outcome === undefined) return 'unheard';
  if ('value' in outcome) return 'returned';
  return outcome.error instanceof ExecutorError ? outcome.error.code : 'threw';
}

/** @param {Outcome} outcome */
function shown(outcome) {
  const text =
    'value' in outcome
      ? `returned ${inspect(outcome.value, { breakLength: Infinity })}`
      : `failed with ${outcome.error instanceof Error ? String(outcome.error) : inspect(outcome.error)}`;
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
