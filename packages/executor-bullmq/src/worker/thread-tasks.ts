import type { Task } from '@concurrent-executors/executor';
import { addressOf, taskAt } from '@concurrent-executors/executor/backend';
import {
  runSent,
  streamSent,
  type Outcome,
  type SentCall,
} from './run-sent.ts';

/** What a thread is given to run a task of some name. */
export interface ThreadTask {
  readonly run: Task<SentCall, Outcome | Promise<Outcome>>;
  readonly stream: Task<SentCall, AsyncGenerator<Uint8Array, Outcome>>;
}

/** Names come from a queue: more than any module has are not kept. */
const MAX_NAMES = 1_000;

/**
 * runSent and streamSent, called after the tasks that they run: so the events and errors of
 * the threads tell of these.
 */
export class ThreadTasks {
  readonly #tasks = new Map<string, ThreadTask>();

  of(name: string): ThreadTask {
    let task = this.#tasks.get(name);
    if (task === undefined) {
      if (this.#tasks.size === MAX_NAMES) this.#tasks.clear();
      task = {
        run: labelled(runSent, name),
        stream: labelled(streamSent, name),
      };
      this.#tasks.set(name, task);
    }
    return task;
  }
}

function labelled<A extends readonly unknown[], R>(
  task: Task<A, R>,
  label: string,
): Task<A, R> {
  return taskAt({ ...addressOf(task), label }) as unknown as Task<A, R>; // the same task
}
