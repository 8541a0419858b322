import {
  monotonicNow,
  workerReady,
  workerStarted,
  type Tally,
  type WorkerInfo,
} from '@concurrent-executors/executor/backend';

/** The workers that were heard of, by their names. They are not told of when they end. */
export class RemoteWorkers {
  readonly #tally: Tally;
  readonly #workers = new Map<string, WorkerInfo>();

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  get size(): number {
    return this.#workers.size;
  }

  /** No task runs on them any more. */
  clear(): void {
    this.#workers.clear();
  }

  get(name: string): WorkerInfo {
    let worker = this.#workers.get(name);
    if (worker === undefined) {
      const { executor } = this.#tally;
      worker = { executor, name, index: this.#workers.size };
      this.#workers.set(name, worker);
      const at = monotonicNow();
      workerStarted.publish({ worker, at });
      workerReady.publish({ worker, at });
    }
    return worker;
  }
}
