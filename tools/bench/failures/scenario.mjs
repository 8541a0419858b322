/*
 * What happens in one cell: a pool with one worker, the bad task, and good ones.
 *
 *   idle       a good task, done; the bad one, done; then three good ones at once
 *   full       three good ones, the bad one and three good ones, all in the queue
 *   shutdown   a good task, done; the bad one and two good ones, and at once close()
 *
 * A bad task that is to be aborted is aborted when it runs; in a shutdown, after the call
 * of close(). At last the pool is closed, and the program must end by itself.
 */
import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/**
 * A promise, and what has become of it so far.
 *
 * @typedef {object} Followed
 * @property {import('./failures.mjs').Outcome | undefined} outcome
 * @property {Promise<void>} settled never rejects
 */

/** @param {Promise<unknown>} promise @returns {Followed} */
function follow(promise) {
  const settle =
    (/** @type {boolean} */ rejected) => (/** @type {unknown} */ value) => {
      followed.outcome = { rejected, value };
    };
  /** @type {Followed} */
  const followed = {
    outcome: undefined,
    settled: promise.then(settle(false), settle(true)),
  };
  return followed;
}

const urlOf = (/** @type {string} */ file) =>
  new URL(file, import.meta.url).href;

/** Plays a cell. At any time it tells how far it has come. */
export class Scenario {
  /** @type {Followed | undefined} */
  bad;
  /** @type {{ readonly followed: Followed, readonly expected: number }[]} */
  good = [];
  /** @type {Followed | undefined} */
  closing;
  /** Whether there were tasks in the pool when it was closed. */
  closedEarly = false;
  #startedFile;
  #abort = new AbortController();

  /**
   * @param {import('../adapters/adapter.mjs').Adapter} adapter
   * @param {import('./failures.mjs').Failure} failure
   * @param {string} startedFile see started.mjs
   */
  constructor(adapter, failure, startedFile) {
    this.adapter = adapter;
    this.failure = failure;
    /** With one module a pool, a module that cannot be imported fails all tasks. */
    this.allFail = failure.module !== undefined && !adapter.modulePerTask;
    this.#startedFile = startedFile;
  }

  /** Whether what is still in the pool need not settle: nothing is promised. */
  get abandoned() {
    return this.closedEarly && this.adapter.onClose === 'abandons';
  }

  /**
   * @param {import('../adapters/adapter.mjs').Backend} backend
   * @param {import('./failures.mjs').PoolState} poolState
   */
  async play(backend, poolState) {
    const { adapter, allFail, failure } = this;
    const pool = await adapter.open(backend, {
      workers: 1,
      module: urlOf((allFail && failure.module) || 'tasks.mjs'),
      names: ['double', failure.task],
    });
    await this.#playIn(pool, poolState);
    await this.#close(pool);
  }

  /**
   * @param {import('../adapters/adapter.mjs').Pool} pool
   * @param {import('./failures.mjs').PoolState} poolState
   */
  async #playIn(pool, poolState) {
    const { allFail, failure } = this;
    /** A new worker would import the same endless module: good ones cannot run. */
    const allEndless = allFail && failure.abort === true;
    const before = poolState === 'full' ? 3 : allFail ? 0 : 1;
    const behind = { idle: 0, full: 3, shutdown: 2 }[poolState];

    const first = this.#runGood(pool, before);
    if (poolState !== 'full') await first;
    const bad = this.#runBad(pool);
    const queued = this.#runGood(pool, behind);
    if (failure.abort) await this.#untilBadRuns();
    if (poolState === 'shutdown') this.#closeEarly(pool);
    if (failure.abort) this.#abortBad(pool);
    if (allEndless && behind > 0) this.#closeEarly(pool);
    if (this.abandoned) return;
    await Promise.all([first, bad, queued]);
    if (poolState === 'idle' && !allEndless && !this.closedEarly) {
      await this.#runGood(pool, 3);
    }
  }

  /** @param {import('../adapters/adapter.mjs').Pool} pool */
  #runBad(pool) {
    const { allFail, failure } = this;
    const run = pool.run(failure.task, failure.argument?.(), {
      ...(failure.module && !allFail && { module: urlOf(failure.module) }),
      ...(failure.abort && { signal: this.#abort.signal }),
    });
    this.bad = follow(run);
    return this.bad.settled;
  }

  /** @param {import('../adapters/adapter.mjs').Pool} pool @param {number} count */
  #runGood(pool, count) {
    const runs = Array.from({ length: count }, () => {
      const n = this.good.length + 1;
      const followed = follow(pool.run('double', n));
      this.good.push({ followed, expected: n * 2 });
      return followed.settled;
    });
    return Promise.all(runs);
  }

  async #untilBadRuns() {
    while (!existsSync(this.#startedFile) && !this.bad?.outcome) {
      await setTimeout(10);
    }
  }

  /** @param {import('../adapters/adapter.mjs').Pool} pool */
  #abortBad(pool) {
    if (this.adapter.abort) this.#abort.abort(new Error('taken back'));
    else this.#closeEarly(pool); // nothing else ends it
  }

  /** @param {import('../adapters/adapter.mjs').Pool} pool */
  #closeEarly(pool) {
    this.closedEarly = true;
    void this.#close(pool);
  }

  /** @param {import('../adapters/adapter.mjs').Pool} pool */
  #close(pool) {
    this.closing ??= follow(pool.close());
    return this.closing.settled;
  }
}
