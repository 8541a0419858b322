import { monotonicNow } from '../core/clock.ts';
import type { WorkerExit } from '../core/errors.ts';
import {
  workerExited,
  workerReady,
  workerStarted,
  type WorkerInfo,
} from '../core/events.ts';

/** Tells subscribers of the life of one worker, which begins now. */
export class WorkerReport {
  readonly #worker: WorkerInfo;

  constructor(worker: WorkerInfo) {
    this.#worker = worker;
    workerStarted.publish({ worker, at: monotonicNow() });
  }

  ready(): void {
    workerReady.publish({ worker: this.#worker, at: monotonicNow() });
  }

  exited(
    { exitCode, signal }: WorkerExit,
    expected: boolean,
    forced: boolean,
  ): void {
    const worker = this.#worker;
    const at = monotonicNow();
    workerExited.publish({ worker, at, exitCode, signal, expected, forced });
  }
}
