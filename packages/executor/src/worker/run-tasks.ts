import { ResultNotSerializableError } from '../core/errors.ts';
import { TaskRun } from '../core/task-context.ts';
import { loadTaskInWorker, type TaskAddress } from '../core/task.ts';
import {
  decodeThrown,
  encodeThrown,
  type EncodedThrown,
} from '../wire/error-codec.ts';
import type {
  HostMessage,
  RunMessage,
  TaskCall,
  WorkerMessage,
} from '../wire/protocol.ts';

type TaskFunction = (...args: readonly unknown[]) => unknown;

/** @throws DataCloneError if the message cannot be serialized; nothing is sent then */
export type Send = (message: WorkerMessage) => void;

/**
 * The worker's side of the protocol. Returns the function that takes the host's
 * messages.
 *
 * @param workerId the id of this thread or process
 */
export function runTasks(
  workerId: number,
  send: Send,
): (message: HostMessage) => void {
  // import() of a loaded module still costs a promise or two for each task.
  const loaded = new Map<string, TaskFunction>();
  const running = new Map<number, TaskRun>();
  let initialized = Promise.resolve();

  async function load(task: TaskAddress): Promise<TaskFunction> {
    const key = `${task.module}#${task.name}`;
    const known = loaded.get(key);
    if (known !== undefined) return known;
    const fn = await loadTaskInWorker(task);
    loaded.set(key, fn);
    return fn;
  }

  async function start(initializer: TaskCall | undefined): Promise<void> {
    if (initializer !== undefined) {
      try {
        const fn = await load(initializer.task);
        await fn(...initializer.args);
      } catch (thrown) {
        sendThrown(thrown, (encoded) => ({ type: 'failed', thrown: encoded }));
        process.exitCode = 1;
        throw thrown;
      }
    }
    send({ type: 'ready' });
  }

  async function run({ id, task, args, attempt }: RunMessage): Promise<void> {
    const taskRun = new TaskRun(attempt, workerId, (value) => {
      send({ type: 'progress', id, value });
    });
    running.set(id, taskRun);
    try {
      await initialized;
      const fn = await load(task);
      taskRun.throwIfAborted();
      const value = await taskRun.call(fn, args);
      sendResult(id, task, value);
    } catch (thrown) {
      const aborted = taskRun.isAbortion(thrown);
      sendThrown(thrown, (encoded) => ({
        type: 'rejected',
        id,
        thrown: encoded,
        aborted,
      }));
    } finally {
      running.delete(id);
    }
  }

  /** @throws ResultNotSerializableError */
  function sendResult(id: number, task: TaskAddress, value: unknown): void {
    try {
      send({ type: 'resolved', id, value });
    } catch (cause) {
      throw new ResultNotSerializableError(
        `the result of task ${task.name} cannot be sent back: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
    }
  }

  function sendThrown(
    thrown: unknown,
    message: (encoded: EncodedThrown) => WorkerMessage,
  ): void {
    try {
      send(message(encodeThrown(thrown)));
    } catch {
      // Something in it cannot be sent: what can be shown of it, is.
      send(message(encodeThrown(thrown, { display: true })));
    }
  }

  return (message) => {
    switch (message.type) {
      case 'start':
        initialized = start(message.initializer);
        // The host has heard why; without it this worker has nothing to do.
        initialized.catch(() => process.exit());
        return;
      case 'run':
        void run(message);
        return;
      case 'abort':
        running.get(message.id)?.abort(decodeThrown(message.reason));
        send({ type: 'aborting', id: message.id });
        return;
      case 'close':
        process.exit(0);
    }
  };
}
