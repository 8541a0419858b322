import {
  asCompleted,
  TimeoutError,
  wait,
} from '@concurrent-executors/executor';
import { drawDraft } from './drafts.mjs';
import { isShort, nameOf } from './jobs.mjs';
import { Random } from './random.mjs';

/**
 * @typedef {import('./actions.mjs').Action} Action
 * @typedef {import('./jobs.mjs').SubmittedJob} SubmittedJob
 * @typedef {import('./model.mjs').Model} Model
 */

/** None, at once, soon, and one that a run never reaches: its timer must go. */
const timeouts = [undefined, undefined, 0, 1, 3_600_000];

/**
 * Some of the jobs that are there when it is called.
 *
 * @param {Random} random
 * @returns {(model: Model) => SubmittedJob[]}
 */
function drawChoice(random) {
  const seed = random.seed();
  const share = random.fraction();
  return (model) => {
    const choose = new Random(seed);
    return choose.shuffled(model.submitted).filter(() => choose.chance(share));
  };
}

/** @param {number | undefined} timeout */
const withTimeout = (timeout) => (timeout === undefined ? {} : { timeout });

/** @param {readonly SubmittedJob[]} jobs */
const listed = (jobs) =>
  jobs.map(({ number }) => `#${String(number)}`).join(' ');

/** @type {Action['draw']} */
export function drawResult(random) {
  const at = random.fraction();
  const timeout = random.pick(timeouts);
  return (model) => {
    const job = model.pick(at);
    if (job === undefined) return;
    const { future } = job;
    const { done } = future;
    const name = `result of ${nameOf(job)}, timeout ${String(timeout)}`;
    model.note(name);
    const asked = future.result(withTimeout(timeout)).then(
      () => 'ready',
      (error) => (isLate(error, future) ? 'late' : 'ready'),
    );
    model.background(
      name,
      asked.then((outcome) => {
        model.check(
          outcome === 'ready'
            ? future.done && (timeout !== 0 || done)
            : isShort(timeout) && !done,
          `${name}, done: ${String(done)}, came out as ${outcome}`,
        );
      }),
    );
  };
}

/** Whether it is the time-out of this future's wait. @param {unknown} error @param {SubmittedJob['future']} future */
const isLate = (error, future) =>
  error instanceof TimeoutError &&
  error.message.startsWith(`<Future #${String(future.id)} `);

/** @type {Action['draw']} */
export function drawWait(random) {
  const choose = drawChoice(random);
  const timeout = random.pick(timeouts);
  const returnWhen = random.pick(
    /** @type {const} */ ([
      'ALL_COMPLETED',
      'FIRST_COMPLETED',
      'FIRST_EXCEPTION',
    ]),
  );
  return (model) => {
    const futures = choose(model).map(({ future }) => future);
    const name = `wait for ${String(futures.length)}, ${returnWhen}, timeout ${String(timeout)}`;
    model.note(name);
    const isDue = () =>
      futures.every(({ done }) => done) ||
      (returnWhen === 'FIRST_COMPLETED' && futures.some(({ done }) => done)) ||
      (returnWhen === 'FIRST_EXCEPTION' &&
        futures.some(({ failed }) => failed));
    let returned = false;
    const checkReturned = () => {
      if (!isDue()) return;
      setImmediate(() => {
        model.check(returned, `${name} has not returned in time`);
      });
    };
    const waited = wait(futures, { ...withTimeout(timeout), returnWhen });
    for (const future of futures) future.addDoneCallback(checkReturned);
    model.background(
      name,
      waited.then(({ done, notDone }) => {
        returned = true;
        model.check(isShort(timeout) || isDue(), `${name} returned too early`);
        model.check(
          done.size + notDone.size === futures.length &&
            futures.every((future) => done.has(future) !== notDone.has(future)),
          `${name}: ${String(done.size)} + ${String(notDone.size)} futures`,
        );
        model.check(
          [...done].every((future) => future.done),
          `${name}: one in done is not done`,
        );
      }),
    );
  };
}

/** @type {Action['draw']} */
export function drawAsCompleted(random, settings) {
  return random.chance(0.3) ? drawInFlight(random, settings) : drawList(random);
}

/** Of futures that are there already, some of them twice. @param {Random} random */
function drawList(random) {
  const choose = drawChoice(random);
  const timeout = random.pick(timeouts);
  const taken = random.chance(0.2) ? random.below(5) : Infinity;
  /** @param {Model} model */
  return (model) => {
    const jobs = choose(model);
    const before = jobs.filter(({ future }) => future.done);
    const name = `asCompleted of ${listed(jobs)}, timeout ${String(timeout)}`;
    model.note(name);
    const futures = [...jobs, ...jobs.slice(0, 2)].map(({ future }) => future);
    const completed = asCompleted(futures, withTimeout(timeout));

    const consume = async () => {
      /** @type {unknown[]} */
      const got = [];
      const inOrder = () => {
        // A future settled inside another's callback may come before that one.
        /** @type {Set<unknown>} */
        const nested = new Set(
          jobs.filter((job) => job.nested).map(({ future }) => future),
        );
        const expected = [
          ...before,
          ...model.completed.filter(
            (job) => jobs.includes(job) && !before.includes(job),
          ),
        ].filter((job) => !job.nested);
        return got
          .filter((future) => !nested.has(future))
          .every((future, at) => future === expected[at]?.future);
      };
      try {
        for await (const future of completed) {
          model.check(future.done, `${name} yielded one that is not done`);
          got.push(future);
          if (got.length >= taken) break;
        }
        model.check(
          got.length >= Math.min(taken, jobs.length),
          `${name} ended after ${String(got.length)}`,
        );
      } catch (error) {
        const unfinished = `${String(jobs.length - got.length)} (of ${String(jobs.length)}) futures unfinished`;
        model.check(
          error instanceof TimeoutError &&
            isShort(timeout) &&
            error.message === unfinished,
          `${name}: ${String(error)} instead of ${unfinished}`,
        );
      }
      model.check(inOrder(), `${name} is not in the order of completion`);
    };
    model.background(name, consume());
  };
}

/** Of a generator that submits as there is room. @type {Action['draw']} */
function drawInFlight(random, settings) {
  const drafts = Array.from({ length: random.below(8) }, () =>
    drawDraft(random, settings),
  );
  const bufferSize = 1 + random.below(4);
  return (model) => {
    const name = `asCompleted of a generator, bufferSize ${String(bufferSize)}`;
    model.note(name);
    let submitted = 0;
    let got = 0;
    function* futures() {
      for (const draft of drafts) {
        model.check(
          submitted - got <= bufferSize, // one may be on its way to the consumer
          `${name} took ${String(submitted)} futures, when ${String(got)} were delivered`,
        );
        const job = model.submit(draft);
        if (job === undefined) return;
        submitted += 1;
        yield job.future;
      }
    }
    const completed = asCompleted(futures(), { bufferSize });
    const consume = async () => {
      for (;;) {
        const next = completed.next();
        const step = await next;
        if (step.done === true) break;
        got += 1;
        model.check(step.value.done, `${name} yielded one that is not done`);
      }
      model.check(got === submitted, `${name} yielded ${String(got)}`);
    };
    model.background(name, consume());
  };
}
