/*
 * What the tasks themselves wrote down, and what must hold of it: the view from
 * inside the workers.
 */
import { readFileSync } from 'node:fs';
import {
  capacityOf,
  losesUnstarted,
  mostBodiesOvertaken,
  mostSent,
} from './bounds.mjs';
import { attemptsOf, priorityOf } from './jobs.mjs';

/**
 * @typedef {import('./backends.mjs').Settings} Settings
 * @typedef {import('./jobs.mjs').Job} Job
 * @typedef {import('./tasks.mjs').JournalEntry} JournalEntry
 * @typedef {Extract<JournalEntry, { event: 'crash' }>} Crash
 * @typedef {Extract<JournalEntry, { event: 'kill' }>} Kill
 */

export class Journal {
  /** The workers that started each job, once for each attempt. @type {Map<number, string[]>} */
  starts = new Map();
  /**
   * Which attempts the tasks took these for, and which they were. A task writes that
   * down a little after its start, if its worker lives that long.
   *
   * @type {Map<number, { told: number, starts: number }[]>}
   */
  attempts = new Map();
  /** The jobs that ran to their end. @type {Set<number>} */
  ends = new Set();
  /** How the first task that ended its worker did so. @type {Map<string, Crash>} */
  crashes = new Map();
  /** The workers that the test ended. @type {Map<string, Kill>} */
  kills = new Map();
  #entries;
  #jobs;
  #settings;

  /** @param {string} path @param {readonly Job[]} jobs @param {Settings} settings */
  constructor(path, jobs, settings) {
    this.#entries = entriesOf(path);
    this.#jobs = new Map(jobs.map((job) => [job.number, job]));
    this.#settings = settings;
    for (const entry of this.#entries) this.#read(entry);
  }

  /** Whether a task may have been lost, with its worker, before it started. */
  get mayMissStarts() {
    return (
      [...this.kills.values()].some(({ isNew }) => !isNew) ||
      (losesUnstarted(this.#settings) &&
        (this.#settings.tasksPerWorker > 1 ||
          [...this.crashes.values()].some(({ job }) => this.ends.has(job))))
    );
  }

  /** @returns {string | undefined} what is wrong */
  problem() {
    return (
      this.#tooManyAtOnce() ??
      this.#afterTheEnd() ??
      this.#outOfTurn() ??
      this.#wrongInWorker()
    );
  }

  #tooManyAtOnce() {
    /** @type {Map<number, string>} */
    const running = new Map();
    // A task of a dead worker counts no longer than to the line that announces
    // its death: rather too few running than too many.
    const dead = new Set();
    for (const entry of this.#entries) {
      switch (entry.event) {
        case 'start':
          if (!dead.has(entry.worker)) running.set(entry.job, entry.worker);
          if (running.size > capacityOf(this.#settings)) {
            return `${String(running.size)} tasks ran at once: ${[...running.keys()].join(', ')}`;
          }
          break;
        case 'end':
        case 'settled': // without an end, if its worker was ended for its sake
          running.delete(entry.job);
          break;
        case 'crash':
        case 'kill':
          dead.add(entry.worker);
          for (const [job, worker] of running) {
            if (worker === entry.worker) running.delete(job);
          }
      }
    }
    return undefined;
  }

  /** A settled job does nothing more, and of a map that was left only that starts which was sent already. */
  #afterTheEnd() {
    /** @type {Set<number>} */
    const settled = new Set();
    /** How many items have started since. @type {Map<number, number>} */
    const left = new Map();
    for (const entry of this.#entries) {
      if (entry.event === 'settled') settled.add(entry.job);
      if (entry.event === 'left') left.set(entry.map, 0);
      if (entry.event !== 'start' && entry.event !== 'end') continue;
      if (settled.has(entry.job)) {
        return `#${String(entry.job)} was settled, and then there was its ${entry.event}`;
      }
      const map = this.#jobs.get(entry.job)?.map;
      const late = map === undefined ? undefined : left.get(map);
      if (entry.event === 'end' || map === undefined || late === undefined) {
        continue;
      }
      left.set(map, late + 1);
      if (late + 1 > mostSent(this.#settings)) {
        return `#${String(entry.job)} started after the map from #${String(map)} was left`;
      }
    }
    return undefined;
  }

  /** First in, first out, and higher priorities first, as far as there is one queue. */
  #outOfTurn() {
    /** How many of lower priority have started since they came. @type {Map<Job, number>} */
    const waiting = new Map();
    for (const entry of this.#entries) {
      const job = 'job' in entry ? this.#jobs.get(entry.job) : undefined;
      // With retries, the first attempt may have been lost before it started.
      if (job?.inOrder !== true || attemptsOf(job) > 1) continue;
      // Of one that never starts it is not seen when it leaves the queue.
      if (entry.event === 'submit' && this.starts.has(job.number)) {
        waiting.set(job, 0);
      } else if (entry.event === 'start' && waiting.delete(job)) {
        const problem =
          this.#olderThan(job, waiting) ?? this.#aboveOf(job, waiting);
        if (problem !== undefined) return problem;
      }
    }
    return undefined;
  }

  /** @param {Job} started @param {Map<Job, number>} waiting */
  #olderThan(started, waiting) {
    const older = [...waiting.keys()].filter(
      (job) =>
        job.number < started.number && priorityOf(job) === priorityOf(started),
    );
    return older.length > mostBodiesOvertaken(this.#settings)
      ? `#${String(started.number)} started before ${older.map(({ number }) => `#${String(number)}`).join(', ')}`
      : undefined;
  }

  /** @param {Job} started @param {Map<Job, number>} waiting */
  #aboveOf(started, waiting) {
    // Of more workers one may be slow, and its job wait, while others go on.
    if (capacityOf(this.#settings) > 1) return undefined;
    for (const [job, lower] of waiting) {
      if (priorityOf(job) <= priorityOf(started)) continue;
      waiting.set(job, lower + 1);
      if (lower + 1 > mostSent(this.#settings)) {
        return `#${String(started.number)} started before #${String(job.number)}, which has a higher priority`;
      }
    }
    return undefined;
  }

  /** Each worker is prepared once, before its first task, and runs no more tasks than it may. */
  #wrongInWorker() {
    const { initializer, maxTasksPerWorker = Infinity } = this.#settings;
    /** @type {Map<string, number>} */
    const tasks = new Map();
    for (const entry of this.#entries) {
      if (entry.event === 'ready') {
        if (tasks.has(entry.worker)) {
          return `${entry.worker} was prepared more than once or too late`;
        }
        tasks.set(entry.worker, 0);
      } else if (entry.event === 'start') {
        if (initializer !== 'none' && !tasks.has(entry.worker)) {
          return `${entry.worker} was not prepared when #${String(entry.job)} started`;
        }
        const count = (tasks.get(entry.worker) ?? 0) + 1;
        if (count > maxTasksPerWorker) {
          return `${entry.worker} ran ${String(count)} tasks`;
        }
        tasks.set(entry.worker, count);
      }
    }
    return undefined;
  }

  /** @param {JournalEntry} entry */
  #read(entry) {
    switch (entry.event) {
      case 'start':
        append(this.starts, entry.job, entry.worker);
        break;
      case 'attempt':
        append(this.attempts, entry.job, {
          told: entry.attempt,
          starts: this.starts.get(entry.job)?.length ?? 0,
        });
        break;
      case 'end':
        this.ends.add(entry.job);
        break;
      case 'crash':
        if (!this.crashes.has(entry.worker)) {
          this.crashes.set(entry.worker, entry);
        }
        break;
      case 'kill':
        if (!this.kills.has(entry.worker)) this.kills.set(entry.worker, entry);
    }
  }
}

/** @param {string} path @returns {JournalEntry[]} */
function entriesOf(path) {
  /** @type {string} */
  let text;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return []; // no task was submitted
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => /** @type {JournalEntry} */ (JSON.parse(line)));
}

/** @template K, V @param {Map<K, V[]>} map @param {K} key @param {V} value */
function append(map, key, value) {
  map.set(key, [...(map.get(key) ?? []), value]);
}
