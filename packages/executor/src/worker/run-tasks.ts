import type { Outcome } from '../core/call-kind.ts';
import { StreamRun } from '../core/stream-run.ts';
import { TaskRun } from '../core/task-context.ts';
import { loadTaskInWorker, type TaskAddress } from '../core/task.ts';
import { TaskNotSerializableError, messageOf } from '../core/errors.ts';
import type { Claim } from '../wire/claims.ts';
import type {
  HostMessage,
  RunMessage,
  StartMessage,
  WorkerMessage,
} from '../wire/protocol.ts';
import { encodeOutcomes, encodeResult } from '../wire/results.ts';
import { decodeThrownBody, encodeThrownBody } from '../wire/thrown.ts';
import {
  decodeValue,
  encodeValue,
  type EncodedValue,
  type EncodeOptions,
} from '../wire/value-codec.ts';

type TaskFunction = (...args: readonly unknown[]) => unknown;

/** The worker that runs the tasks, and its way to the host. */
export interface Surroundings {
  /** The id of this thread or process. */
  readonly workerId: number;
  readonly send: (message: WorkerMessage) => void;
  /** The right to start a task that was sent. */
  readonly claim: Claim;
  /** How values are encoded on the way to the host. */
  readonly options: EncodeOptions;
  /** Bytes of memory that this worker uses. */
  readonly memory: () => number;
}

/** A task that was sent and is not answered. */
interface Received {
  readonly message: RunMessage;
  readonly run: TaskRun;
}

/**
 * The worker's side of the protocol. Returns the function that takes the host's
 * messages.
 *
 *   run ──> inbox ──claim──> running ──> resolved, rejected
 *                   └──────> skipped, also once this worker is to be replaced
 *
 * A task is claimed before its module is imported: should the import end the
 * worker, the task is not given to the next one.
 */
export function runTasks({
  workerId,
  send,
  claim,
  options,
  memory,
}: Surroundings): (message: HostMessage) => void {
  // import() of a loaded module still costs a promise or two for each task.
  const loaded = new Map<string, TaskFunction>();
  const inbox: Received[] = [];
  const received = new Map<number, TaskRun>();
  const streams = new Map<number, StreamRun>();
  let running = 0;
  let capacity = 0;
  let maxMemory = Infinity;
  /** Whether it starts no more tasks: it is to be replaced. */
  let retires = false;

  async function load(task: TaskAddress): Promise<TaskFunction> {
    const key = `${task.module}#${task.name}`;
    const known = loaded.get(key);
    if (known !== undefined) return known;
    const fn = await loadTaskInWorker(task);
    loaded.set(key, fn);
    return fn;
  }

  async function start(message: StartMessage): Promise<void> {
    const { initializer, body } = message;
    if (initializer !== undefined) {
      try {
        const fn = await load(initializer);
        await fn(...(decodeValue(body) as unknown[]));
      } catch (thrown) {
        send({ type: 'failed', body: encodeThrownBody(thrown, options) });
        // The host has heard why; without it this worker has nothing to do.
        process.exit(1);
      }
    }
    send({ type: 'ready' });
    ({ capacity, maxMemory } = message);
    startTasks();
  }

  function startTasks(): void {
    while (running < capacity || retires) {
      const next = inbox.shift();
      if (next === undefined) return;
      const { message, run } = next;
      if (!retires && claim(message.place)) {
        running += 1;
        void runTask(message, run);
      } else {
        received.delete(message.id);
        send({ type: 'skipped', id: message.id });
      }
    }
  }

  async function runTask(message: RunMessage, run: TaskRun): Promise<void> {
    const { id, task } = message;
    let answer: WorkerMessage;
    try {
      const args = decodeArguments(message);
      const fn = await load(task);
      run.throwIfAborted();
      const body = await call(fn, args, message, run);
      retires ||= shouldRetire(run);
      answer = { type: 'resolved', id, body, retire: retires };
    } catch (thrown) {
      retires ||= shouldRetire(run);
      answer = {
        type: 'rejected',
        id,
        body: encodeThrownBody(thrown, options),
        aborted: run.isAbortion(thrown),
        retire: retires,
      };
    }
    received.delete(id);
    running -= 1;
    // Before the next task starts: if that ends the worker, this one is done.
    send(answer);
    startTasks();
  }

  async function call(
    fn: TaskFunction,
    args: readonly unknown[],
    { id, task, kind, room }: RunMessage,
    run: TaskRun,
  ): Promise<EncodedValue> {
    switch (kind) {
      case 'single':
        return encodeResult(task.name, await run.call(fn, args), options);
      case 'chunk':
        return encodeOutcomes(
          task.name,
          await runChunk(fn, args, run),
          options,
        );
      case 'stream': {
        const stream = new StreamRun(run, room);
        streams.set(id, stream);
        try {
          const returned = await stream.drive(run.call(fn, args), (value) => {
            send({
              type: 'yielded',
              id,
              body: encodeResult(task.name, value, options),
            });
          });
          return encodeResult(task.name, returned, options);
        } finally {
          streams.delete(id);
        }
      }
    }
  }

  function shouldRetire(run: TaskRun): boolean {
    return (
      run.retiresWorker || (maxMemory !== Infinity && memory() > maxMemory)
    );
  }

  return (message) => {
    switch (message.type) {
      case 'start':
        void start(message);
        return;
      case 'run': {
        const { id, attempt } = message;
        const run = new TaskRun(attempt, workerId, (value) => {
          send({ type: 'progress', id, body: encodeValue(value, options) });
        });
        received.set(id, run);
        inbox.push({ message, run });
        startTasks();
        return;
      }
      case 'abort':
        received.get(message.id)?.abort(decodeThrownBody(message.body));
        send({ type: 'aborting', id: message.id });
        return;
      case 'grant':
        streams.get(message.id)?.grant(message.count);
        return;
      case 'close':
        process.exit(0);
    }
  };
}

/** @throws TaskNotSerializableError */
function decodeArguments({ task, body }: RunMessage): readonly unknown[] {
  try {
    return decodeValue(body) as unknown[]; // what the pool has encoded
  } catch (cause) {
    throw new TaskNotSerializableError(
      `the arguments of task ${task.name} cannot be read on arrival: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** The calls of a chunk, one after the other. One that throws does not end the others. */
async function runChunk(
  fn: TaskFunction,
  calls: readonly unknown[],
  run: TaskRun,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const args of calls as readonly (readonly unknown[])[]) {
    try {
      outcomes.push({ value: await run.call(fn, args) });
    } catch (error) {
      if (run.isAbortion(error)) throw error;
      outcomes.push({ error });
    }
    run.throwIfAborted();
  }
  return outcomes;
}
