/*
 * What the executor started and what is left of it: workers, timers, handles and
 * listeners. It knows them by the events of their creation, since what does not
 * hold the event loop is in no list of Node.
 */
import { createHook } from 'node:async_hooks';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/**
 * @typedef {object} LiveWorker
 * @property {string} name `'thread 3'` or `'process 4711'`, as in a WorkerExitError
 * @property {boolean} isNew it was made in this turn of the event loop: it cannot be ready yet
 * @property {() => void} kill
 *
 * @typedef {object} EndedWorker
 * @property {string} name
 * @property {number | null} exitCode
 * @property {string | null} signal
 */

/** A frame of a stack in the code of the executor. */
const executorFrame = /^ +at .*\/(?:dist|src)\/(?:backends|core|pool)\/.*$/m;

export class Watch {
  /** @type {Map<unknown, LiveWorker>} */
  #workers = new Map();
  /** @type {EndedWorker[]} */
  ended = [];
  /** Called for each new worker. @type {(worker: LiveWorker) => void} */
  onStart = () => undefined;
  /** The executor's timers: async id and where it was made. @type {Map<number, string>} */
  #timers = new Map();
  #before = resources();
  #hook = createHook({
    init: (id, type) => {
      if (type !== 'Timeout') return;
      const frame = executorFrame.exec(new Error().stack ?? '')?.[0];
      if (frame !== undefined) this.#timers.set(id, frame.trim());
    },
    destroy: (id) => {
      this.#timers.delete(id);
    },
  });

  start() {
    process.on('worker', this.#onThread);
    subscribe('child_process', this.#onProcess);
    this.#hook.enable();
  }

  stop() {
    process.off('worker', this.#onThread);
    unsubscribe('child_process', this.#onProcess);
    this.#hook.disable();
  }

  get workers() {
    return [...this.#workers.values()];
  }

  /** What is there now and was not before. */
  left() {
    const rest = [...this.#before];
    const more = resources().filter((name) => {
      const at = rest.indexOf(name);
      if (at !== -1) rest.splice(at, 1);
      return at === -1;
    });
    return [
      ...this.workers.map(({ name }) => `worker ${name}`),
      ...[...this.#timers.values()].map((frame) => `timer made ${frame}`),
      ...more,
    ];
  }

  /** @param {import('node:worker_threads').Worker} worker */
  #onThread = (worker) => {
    const name = `thread ${String(worker.threadId)}`; // -1 after the end
    this.#add(worker, name, () => void worker.terminate());
    worker.once('exit', (exitCode) => {
      this.#remove(worker, { name, exitCode, signal: null });
    });
  };

  /** @param {unknown} message */
  #onProcess = (message) => {
    const { process: child } =
      /** @type {{ process: import('node:child_process').ChildProcess }} */ (
        message
      );
    const name = () => `process ${String(child.pid)}`;
    // It has no id yet: the channel tells before the process is started.
    process.nextTick(() => {
      this.#add(child, name(), () => void child.kill('SIGKILL'));
    });
    child.once('exit', (exitCode, signal) => {
      this.#remove(child, { name: name(), exitCode, signal });
    });
  };

  /** @param {unknown} key @param {string} name @param {() => void} kill */
  #add(key, name, kill) {
    const worker = { name, kill, isNew: true };
    setImmediate(() => {
      worker.isNew = false;
    });
    this.#workers.set(key, worker);
    this.onStart(worker);
  }

  /** @param {unknown} key @param {EndedWorker} end */
  #remove(key, end) {
    this.#workers.delete(key);
    this.ended.push(end);
  }
}

/** Names of all that holds the event loop but timers, and of listeners on the process. */
function resources() {
  // Node makes these at their first use, and so they would look like leftovers.
  void process.stdout;
  void process.stderr;
  return [
    ...process
      .getActiveResourcesInfo()
      .filter((name) => !['Timeout', 'Immediate'].includes(name)),
    ...process
      .eventNames()
      .filter((name) => name !== 'worker') // of the watch itself
      .flatMap((name) =>
        Array(process.listenerCount(name)).fill(`listener ${String(name)}`),
      ),
  ];
}
