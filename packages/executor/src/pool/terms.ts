import type { CallKind } from '../core/call-kind.ts';
import type { Tally } from '../core/tally.ts';
import { addressOf, type TaskFunction } from '../core/task.ts';
import type { JobOptions } from '../core/task-options.ts';
import type { PoolTerms } from './job.ts';

/** The terms of the jobs of a pool: the same object as long as they are alike, as most are. */
export class Terms {
  readonly #tally: Tally;
  #last: PoolTerms | undefined;
  /** The function of its task: to look for the address of one takes longer. */
  #lastTask: TaskFunction | undefined;

  constructor(tally: Tally) {
    this.#tally = tally;
  }

  /** @throws TaskInvalidError */
  of(task: TaskFunction, kind: CallKind, options: JobOptions): PoolTerms {
    const last = this.#last;
    if (
      last?.kind === kind &&
      last.options === options &&
      this.#lastTask === task
    ) {
      return last;
    }
    const address = addressOf(task);
    const terms = { task: address, kind, options, tally: this.#tally };
    // What belongs to one call only is not kept beyond it.
    const { sink, transfer } = options;
    if (sink === undefined && transfer === undefined) {
      this.#last = terms;
      this.#lastTask = task;
    }
    return terms;
  }
}
