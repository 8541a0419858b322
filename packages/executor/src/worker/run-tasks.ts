import { ResultNotSerializableError } from '../core/errors.ts';
import { loadTaskInWorker, type TaskAddress } from '../core/task.ts';
import { encodeThrown } from '../wire/error-codec.ts';
import type {
  HostMessage,
  RunMessage,
  WorkerMessage,
} from '../wire/protocol.ts';

type TaskFunction = (...args: readonly unknown[]) => unknown;

/** @throws DataCloneError if the message cannot be serialized; nothing is sent then */
export type Send = (message: WorkerMessage) => void;

/**
 * The worker's side of the protocol. Returns the function that takes the host's
 * messages.
 */
export function runTasks(send: Send): (message: HostMessage) => void {
  // import() of a loaded module still costs a promise or two for each task.
  const loaded = new Map<string, TaskFunction>();

  async function load(task: TaskAddress): Promise<TaskFunction> {
    const key = `${task.module}#${task.name}`;
    const known = loaded.get(key);
    if (known !== undefined) return known;
    const fn = await loadTaskInWorker(task);
    loaded.set(key, fn);
    return fn;
  }

  async function run({ id, task, args }: RunMessage): Promise<void> {
    let value: unknown;
    try {
      const fn = await load(task);
      value = await fn(...args);
    } catch (thrown) {
      sendThrown(id, thrown);
      return;
    }
    try {
      send({ type: 'resolved', id, value });
    } catch (cause) {
      sendThrown(
        id,
        new ResultNotSerializableError(
          `the result of task ${task.name} cannot be sent back: ${cause instanceof Error ? cause.message : String(cause)}`,
          { cause },
        ),
      );
    }
  }

  function sendThrown(id: number, thrown: unknown): void {
    try {
      send({ type: 'rejected', id, thrown: encodeThrown(thrown) });
    } catch {
      // Something in it cannot be sent: what can be shown of it, is.
      const encoded = encodeThrown(thrown, { display: true });
      send({ type: 'rejected', id, thrown: encoded });
    }
  }

  send({ type: 'ready' });
  return (message) => {
    if (message.type === 'close') process.exit(0);
    void run(message);
  };
}
