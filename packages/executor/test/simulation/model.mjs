import { join } from 'node:path';
import {
  BrokenExecutorError,
  ExecutorShutdownError,
} from '@concurrent-executors/executor';
import { backends, perform } from './backends.mjs';
import { capacityOf } from './bounds.mjs';
import { Gate } from './gate.mjs';
import { checkFutures } from './invariants.mjs';
import { attemptsOf, hasFuture, isStopped, nameOf } from './jobs.mjs';
import { abort } from './operations.mjs';
import { writeJournal } from './tasks.mjs';

/**
 * @typedef {import('./backends.mjs').Settings} Settings
 * @typedef {import('./jobs.mjs').Draft} Draft
 * @typedef {import('./jobs.mjs').Job} Job
 * @typedef {import('./jobs.mjs').SubmittedJob} SubmittedJob
 *
 * @typedef {object} Surroundings
 * @property {string} folder for the journal and the gate
 * @property {import('./watch.mjs').Watch} watch
 * @property {(text: string) => void} note
 * @property {(problem: string) => void} fail takes a violation; the first one counts
 */

/** The pool gives up when so many workers in a row end before they are ready. */
const FAILED_STARTS_THAT_BREAK = 3;

/**
 * One executor and all that was done with it. What the test does goes through
 * here and through the operations, which note it.
 */
export class Model {
  settings;
  surroundings;
  executor;
  gate;
  journalPath;
  /** @type {Job[]} */
  jobs = [];
  /** Those that are done, in the order in which they called back. @type {SubmittedJob[]} */
  completed = [];
  /** For jobs that are submitted with a signal. */
  signals = [new AbortController(), new AbortController()];
  /** How many done callbacks threw: each is to become a warning. */
  callbackErrors = 0;
  /** Whether shutdown or terminateWorkers was called. */
  closed = false;
  /** Whether shutdown({ cancelFutures: true }) was called. */
  queueCancelled = false;
  /** Whether terminateWorkers was called. */
  terminated = false;
  /** How many workers the test has killed. */
  kills = 0;
  #lastNumber = 0;
  /** How many workers will be killed as soon as they are started. */
  #doomed = 0;
  #gateIsOpen = false;
  /** How many callbacks of the test are on the stack. */
  #callbackDepth = 0;
  /** What goes on beside the steps, by its name. @type {Map<Promise<void>, string>} */
  #background = new Map();
  /** @type {(() => void)[]} */
  #lastChecks = [];
  /** Looks again whether what calm() waits for has come. @type {Set<() => void>} */
  #waiting = new Set();

  /** @param {Settings} settings @param {Surroundings} surroundings */
  constructor(settings, surroundings) {
    this.settings = settings;
    this.surroundings = surroundings;
    this.journalPath = join(surroundings.folder, 'journal');
    this.executor = backends[settings.backend].make(settings, this.journalPath);
    surroundings.watch.onStart = (worker) => {
      if (this.#doomed === 0) return;
      this.#doomed -= 1;
      this.kill(worker);
    };
    this.gate = new Gate(join(surroundings.folder, 'gate'), {
      arrived: (number) => {
        this.note(`  #${String(number)} arrived at the gate`);
        const job = this.submitted.find((known) => known.number === number);
        if (job?.draft.abortedAtGate === true) abort(this, job);
        if (this.#gateIsOpen) this.release(number);
        this.#changed();
      },
      left: () => {
        this.#changed();
      },
    });
  }

  /** @param {string} text */
  note(text) {
    this.surroundings.note(text);
  }

  /** @param {boolean} holds @param {string} problem what is wrong if it does not */
  check(holds, problem) {
    if (!holds) this.surroundings.fail(problem);
  }

  /** @param {() => void} check made when the run is over */
  atEnd(check) {
    this.#lastChecks.push(check);
  }

  checkEnd() {
    for (const check of this.#lastChecks) check();
  }

  /** The jobs that have a future: all but the items of a map. */
  get submitted() {
    return this.jobs.filter(hasFuture);
  }

  /** @param {number} at from 0 (the first) to 1 (the last) @returns {SubmittedJob | undefined} */
  pick(at) {
    const { submitted } = this;
    return submitted[Math.floor(at * submitted.length)];
  }

  get isCalledBack() {
    return this.#callbackDepth > 0;
  }

  get mayBeBroken() {
    return (
      this.kills >= FAILED_STARTS_THAT_BREAK ||
      this.settings.initializer === 'fails'
    );
  }

  /** Whether some task does not come back, and nothing asks the executor to end it. */
  get isBlocked() {
    return this.submitted.some(
      (job) =>
        job.draft.deed === 'blocks' && !job.future.done && !isStopped(job),
    );
  }

  /** @param {Draft} draft @param {boolean} [inOrder] see Job @returns {Job} */
  newJob(draft, inOrder = true) {
    this.#lastNumber += 1;
    /** @type {Job} */
    const job = {
      number: this.#lastNumber,
      draft,
      seen: 'pending',
      calledBack: 0,
      nested: false,
      withdrawn: false,
      submittedAt: performance.now(),
      settledAt: undefined,
      reasons: [],
      inOrder,
    };
    this.jobs.push(job);
    writeJournal(this.journalPath, { event: 'submit', job: job.number });
    return job;
  }

  /** @param {Job} job @returns {import('./tasks.mjs').Order} */
  orderFor(job) {
    const { getter, held, heeds, limits, order } = job.draft;
    // Once: an argument may be read again, each time that a place is found for it.
    let reads = 0;
    const react = () => {
      reads += 1;
      if (reads === 1 && getter !== undefined) {
        this.#callBack(() => getter(this, job));
      }
      return reads;
    };
    return {
      ...order,
      job: job.number,
      journal: this.journalPath,
      heeds,
      counts: limits.retries !== undefined,
      ...(held ? { gate: this.gate.path } : {}),
      ...(getter === undefined
        ? {}
        : {
            ballast: {
              get value() {
                return react();
              },
            },
          }),
    };
  }

  /**
   * Gives undefined if the executor refuses.
   *
   * @param {Draft} draft
   * @returns {SubmittedJob | undefined}
   */
  submit(draft) {
    const job = this.newJob(draft, draft.getter === undefined);
    this.note(`submit ${nameOf(job)}`);
    const future = this.attempt(() =>
      this.#submitter(draft.limits).submit(perform, this.orderFor(job)),
    );
    if (future === undefined) {
      this.jobs.splice(this.jobs.indexOf(job), 1);
      return undefined;
    }
    job.future = future;
    if (!hasFuture(job)) return undefined;
    const { limits, reactions } = draft;
    if (limits.signal !== undefined && future.cancelled) {
      job.withdrawn = this.signals[limits.signal]?.signal.aborted === true;
    }
    future.addDoneCallback((argument) => {
      this.check(argument === future, 'a callback was given another future');
      this.#onDone(job);
    });
    for (const react of reactions) {
      future.addDoneCallback(() => {
        this.#callBack(() => {
          react(this, job);
        });
      });
    }
    return job;
  }

  /**
   * Gives undefined if the executor refuses, which it must do once it is closed
   * and may do before only if it is broken.
   *
   * @template T
   * @param {() => T} submit
   * @returns {T | undefined}
   */
  attempt(submit) {
    const { closed } = this;
    try {
      const result = submit();
      this.check(!closed, 'a task was accepted after shutdown');
      return result;
    } catch (error) {
      this.note(`  refused: ${String(error)}`);
      this.check(
        error instanceof ExecutorShutdownError
          ? this.closed
          : error instanceof BrokenExecutorError && this.mayBeBroken,
        `a task was refused without reason: ${String(error)}`,
      );
      return undefined;
    }
  }

  /** The tasks at the gate that would go on. */
  get releasable() {
    return this.gate.held.filter(
      (held) =>
        this.jobs.find(({ number }) => number === held)?.draft.deed !==
        'blocks',
    );
  }

  /** @param {number} number */
  release(number) {
    if (!this.releasable.includes(number)) return;
    this.note(`release #${String(number)}`);
    this.gate.release(number);
  }

  /** From now on no task is held. @param {import('./random.mjs').Random} random */
  openGate(random) {
    this.note('open the gate');
    this.#gateIsOpen = true;
    for (const number of random.shuffled(this.releasable)) this.release(number);
  }

  /** @param {import('./watch.mjs').LiveWorker} worker */
  kill({ name, isNew, kill }) {
    this.note(`kill ${name}${isNew ? ', which cannot be ready yet' : ''}`);
    this.kills += 1;
    writeJournal(this.journalPath, { event: 'kill', worker: name, isNew });
    kill();
  }

  /** The next workers will be killed as soon as they are started. @param {number} count */
  killNext(count) {
    this.note(`kill the next ${String(count)} workers`);
    this.#doomed += count;
  }

  /** @param {string} name @param {Promise<void>} promise must not fail */
  background(name, promise) {
    const guarded = promise
      .catch((/** @type {unknown} */ error) => {
        this.check(false, `${name} failed: ${String(error)}`);
      })
      .finally(() => this.#background.delete(guarded));
    this.#background.set(guarded, name);
  }

  /** Resolves when nothing goes on beside the steps any more. */
  async backgroundDone() {
    while (this.#background.size > 0) {
      await Promise.all(this.#background.keys());
    }
  }

  /**
   * Waits until nothing can happen by itself: all that runs is held, and what is
   * queued waits for it. An executor that leaves room unused never comes to it.
   */
  calm() {
    return this.#until(() => {
      if (this.gate.held.length >= capacityOf(this.settings)) return true;
      const moving = this.submitted.filter(
        ({ number, future }) => !future.done && !this.gate.holds(number),
      );
      // A worker that is to end takes no other task, although it has room.
      const mayWait =
        this.settings.tasksPerWorker > 1 &&
        (this.settings.maxTasksPerWorker !== undefined ||
          this.submitted.some(isStopped));
      return moving.every(
        (job) =>
          mayWait &&
          (job.future.state === 'pending' ||
            attemptsOf(job) > 1 ||
            this.kills > 0), // it may have come back from a worker that was not ready
      );
    });
  }

  /** What is to be done before the executor is closed. */
  unfinished() {
    return [
      ...this.submitted
        .filter(({ future }) => !future.done)
        .map((job) => `${nameOf(job)} is ${job.future.state}`),
      ...this.surroundings.watch.workers.map(({ name }) => `${name} lives`),
    ];
  }

  /** What is missing, when a run hangs. */
  missing() {
    return [
      ...this.unfinished(),
      ...this.#background.values(),
      `held: ${this.gate.held.join(', ') || 'none'}`,
    ];
  }

  /** @param {Draft['limits']} limits */
  #submitter(limits) {
    const { signal, ...others } = limits;
    if (Object.keys(limits).length === 0) return this.executor;
    const controller = signal === undefined ? undefined : this.signals[signal];
    return this.executor.with({
      ...others,
      ...(controller === undefined ? {} : { signal: controller.signal }),
    });
  }

  /** @param {() => void} call */
  #callBack(call) {
    this.#callbackDepth += 1;
    try {
      call();
    } finally {
      this.#callbackDepth -= 1;
    }
  }

  /** @param {SubmittedJob} job */
  #onDone(job) {
    job.calledBack += 1;
    job.nested = this.isCalledBack;
    job.settledAt = performance.now();
    this.completed.push(job);
    writeJournal(this.journalPath, { event: 'settled', job: job.number });
    this.note(`  ${nameOf(job)} is ${String(job.future)}`);
    checkFutures(this);
    this.#changed();
  }

  /** @param {() => boolean} condition @returns {Promise<void>} */
  #until(condition) {
    return new Promise((resolve) => {
      const look = () => {
        if (!condition()) return;
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }

  #changed() {
    for (const look of this.#waiting) look();
  }
}
