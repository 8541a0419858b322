/*
 * The task of the simulation. It runs in every kind of worker and in this
 * process. It loads the executor only when it needs it: without it workers start
 * much faster.
 *
 * What it does is written to the journal, a file, before it is done. The order
 * of the lines is the order in which it happened, in all workers together, and
 * a line is there also if the worker is killed right after it.
 */
import { appendFileSync } from 'node:fs';
import { connect } from 'node:net';
import { isMainThread, threadId } from 'node:worker_threads';

/**
 * What one call of the task is to do.
 *
 * @typedef {object} Order
 * @property {number} job the number of the call
 * @property {string} journal path of the file
 * @property {keyof typeof deeds} deed
 * @property {unknown} [value] returned, thrown, or the exit code
 * @property {string} [gate] path of the socket of a Gate: it waits there first
 * @property {boolean} [heeds] whether it goes away from the gate when it is aborted
 * @property {boolean} [counts] whether it writes down which attempt it is
 * @property {unknown} [ballast] an argument for its own sake
 */

/**
 * @typedef {(
 *   | { event: 'ready'; worker: string }
 *   | { event: 'submit'; job: number }
 *   | { event: 'start'; job: number; worker: string }
 *   | { event: 'attempt'; job: number; attempt: number }
 *   | { event: 'end'; job: number }
 *   | { event: 'crash'; job: number; worker: string; exitCode: number | null; signal: string | null }
 *   | { event: 'settled'; job: number }
 *   | { event: 'left'; map: number }
 *   | { event: 'kill'; worker: string; isNew: boolean }
 * )} JournalEntry the test writes `submit`, `settled`, `left` and `kill`, workers the others
 */

/** @param {string} path @param {JournalEntry} entry */
export function writeJournal(path, entry) {
  appendFileSync(path, `${JSON.stringify(entry)}\n`);
}

const worker = isMainThread
  ? `process ${String(process.pid)}`
  : `thread ${String(threadId)}`;

/** The initializer of a worker. @param {string} journal @param {boolean} fails */
export function prepare(journal, fails) {
  if (fails) throw new EvalError('the initializer fails');
  writeJournal(journal, { event: 'ready', worker });
}

/** @param {Order} order */
const end = ({ journal, job }) => {
  writeJournal(journal, { event: 'end', job });
};

/** @param {Order} order @param {number | null} exitCode @param {string | null} signal */
const crash = ({ journal, job }, exitCode, signal) => {
  writeJournal(journal, { event: 'crash', job, worker, exitCode, signal });
};

const deeds = {
  /** @param {Order} order */
  return(order) {
    end(order);
    return { job: order.job, value: order.value };
  },
  /** @param {Order} order */
  throwError(order) {
    end(order);
    throw new RangeError(`task ${String(order.job)}`);
  },
  /** @param {Order} order */
  throwValue(order) {
    end(order);
    throw order.value;
  },
  /** @param {Order} order */
  returnUnserializable(order) {
    end(order);
    return () => order.job;
  },
  /** Its result is on its way when the worker ends. @param {Order} order */
  returnAndExit(order) {
    setImmediate(() => {
      crash(order, 5, null);
      process.exit(5);
    });
    return deeds.return(order);
  },
  /** @param {Order} order */
  exit(order) {
    crash(order, Number(order.value), null);
    process.exit(Number(order.value));
  },
  /** @param {Order} order @returns {Promise<void>} */
  killItself(order) {
    crash(order, null, 'SIGKILL');
    process.kill(process.pid, 'SIGKILL');
    return new Promise(() => undefined);
  },
  /** Never comes back: it stands still until its worker is ended. */
  block() {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
};

/**
 * Returns a promise only if it has to wait: calls that are done at once take
 * another way through the executors of this process.
 *
 * @param {Order} order
 * @returns {unknown}
 */
export function perform(order) {
  const { job, journal, gate, heeds, counts } = order;
  writeJournal(journal, { event: 'start', job, worker });
  const act = () => deeds[order.deed](order);
  if (heeds === true || counts === true) {
    return performInContext(order).then(act);
  }
  return gate === undefined ? act() : passGate(gate, order).then(act);
}

/** @param {Order} order */
async function performInContext(order) {
  const { job, journal, gate, heeds, counts } = order;
  const { taskContext } = await import('@concurrent-executors/executor');
  const { attempt, signal } = taskContext();
  if (counts === true)
    writeJournal(journal, { event: 'attempt', job, attempt });
  try {
    if (gate !== undefined) {
      await passGate(gate, order, heeds === true ? signal : undefined);
    }
  } catch (error) {
    end(order);
    throw error;
  }
}

/**
 * Arrives at the gate. A task that will stand still does not wait there: it only
 * tells that it runs.
 *
 * @param {string} path
 * @param {Order} order
 * @param {AbortSignal} [signal]
 * @returns {Promise<void>}
 */
function passGate(path, { job, deed }, signal) {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    const leave = () => {
      socket.destroy();
      reject(/** @type {Error} */ (signal?.reason));
    };
    socket.on('error', reject);
    socket.write(`${String(job)}\n`, () => {
      if (deed === 'block') resolve();
    });
    socket
      .on('end', () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      })
      .resume();
    if (signal?.aborted === true) leave();
    else signal?.addEventListener('abort', leave);
  });
}
