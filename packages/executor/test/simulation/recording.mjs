import { Recorder } from '@concurrent-executors/executor/observe';

/**
 * @typedef {import('@concurrent-executors/executor/observe').TaskSpan} TaskSpan
 * @typedef {import('@concurrent-executors/executor/observe').WorkerSpan} WorkerSpan
 */

/** Records the runs of a simulation, to compare them with the futures. */
export class Recording {
  /** @type {Map<number, TaskSpan[]>} by the id of the future */
  #runs = new Map();
  /** @type {WorkerSpan[]} */
  #workers = [];
  #recorder = new Recorder([
    {
      addTask: (span) => {
        const runs = this.#runs.get(span.task.id);
        if (runs === undefined) this.#runs.set(span.task.id, [span]);
        else runs.push(span);
      },
      addWorker: (span) => {
        this.#workers.push(span);
      },
    },
  ]);

  stop() {
    this.#recorder.stop();
  }

  /**
   * To be asked when all is over.
   *
   * @param {readonly import('./jobs.mjs').SubmittedJob[]} jobs
   * @returns {string | undefined} what is wrong
   */
  problem(jobs) {
    for (const { future } of jobs) {
      const problem = problemOf(future, this.#runs.get(future.id) ?? []);
      if (problem !== undefined)
        return `recorded of ${String(future)}: ${problem}`;
    }
    const left = this.#workers.find(({ endedAt }) => endedAt === undefined);
    return left && `${left.worker.name} has no recorded end`;
  }
}

/**
 * @param {import('@concurrent-executors/executor').Future<unknown>} future it is done
 * @param {readonly TaskSpan[]} runs
 */
function problemOf(future, runs) {
  const last = runs.at(-1);
  if (last === undefined) return 'nothing';
  if (last.retried || runs.slice(0, -1).some(({ retried }) => !retried)) {
    return `retries ${runs.map(({ retried }) => String(retried)).join(', ')}`;
  }
  const end = future.cancelled
    ? 'cancelled'
    : future.failed
      ? 'failed'
      : 'returned';
  const { outcome } = last;
  if (outcome === 'unfinished') return 'no end';
  const recorded =
    outcome === 'cancelled' || outcome === 'returned' ? outcome : 'failed';
  if (recorded !== end) return `${outcome}, but it is ${end}`;
  let before = -Infinity;
  for (const { queuedAt, startedAt = queuedAt, endedAt } of runs) {
    if (!(
      before <= queuedAt &&
      queuedAt <= startedAt &&
      startedAt <= endedAt
    )) {
      return `times ${[before, queuedAt, startedAt, endedAt].join(', ')}`;
    }
    before = endedAt;
  }
  return undefined;
}
