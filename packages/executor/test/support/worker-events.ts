/* What the program hears of the workers that are started in it. */
import { ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';

type Started = ChildProcess | Worker;

function onStart(listener: (worker: Started) => void): Disposable {
  const thread = (worker: Worker): void => {
    listener(worker);
  };
  const child = (message: unknown): void => {
    listener((message as { process: ChildProcess }).process); // as documented
  };
  process.on('worker', thread);
  subscribe('child_process', child);
  return {
    [Symbol.dispose]() {
      process.off('worker', thread);
      unsubscribe('child_process', child);
    },
  };
}

/** Counts the workers that are started until it is disposed. */
export function countStarts(): { readonly workers: number } & Disposable {
  let workers = 0;
  const counting = onStart(() => {
    workers += 1;
  });
  return {
    get workers() {
      return workers;
    },
    [Symbol.dispose]() {
      counting[Symbol.dispose]();
    },
  };
}

/** How the next worker that is started ends: exit code and signal. */
export async function nextWorkerExit(): Promise<unknown[]> {
  const worker = await new Promise<Started>((resolve) => {
    const starting = onStart((started) => {
      starting[Symbol.dispose]();
      resolve(started);
    });
  });
  return once(worker, worker instanceof ChildProcess ? 'close' : 'exit');
}
