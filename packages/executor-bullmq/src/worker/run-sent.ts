/*
 * What a thread of the worker runs: a task with the bytes that came for it. Values are read
 * and written here, so that the main thread, which must keep the locks of all tasks, is never
 * held up by a large one.
 */
import { taskContext, task } from '@concurrent-executors/executor/task';
import {
  decodeArguments,
  encodeOutcomes,
  encodeResult,
  encodeThrownBody,
  encodeValue,
  iteratorOf,
  loadTaskInWorker,
  messageOf,
  runChunk,
  TaskRun,
  type CallKind,
  type ChunkOutcomes,
  type EncodedValue,
} from '@concurrent-executors/executor/backend';

/** A call as the main thread hands it over. */
export interface SentCall {
  /** URL of the module, as it was given to this worker. */
  readonly module: string;
  readonly name: string;
  readonly kind: CallKind;
  readonly attempt: number;
  readonly key: string;
  readonly body: Uint8Array;
}

/** How it ended. */
export interface Outcome {
  readonly kind: 'returned' | 'threw' | 'aborted';
  /** The encoded result, or what was thrown. */
  readonly body: Uint8Array;
  /** What was thrown, in one line for people. */
  readonly message: string;
  /** How long it ran, in milliseconds. */
  readonly ms: number;
}

/** Runs the call. Does not throw: what the task throws could not be told from other errors. */
export const runSent = task(
  import.meta.url,
  async function runSent(sent: SentCall): Promise<Outcome> {
    const { name, kind } = sent;
    const run = runOf(sent);
    const startedAt = performance.now();
    try {
      const { fn, args } = await loadCall(sent);
      run.throwIfAborted();
      if (kind !== 'chunk') {
        return returned(
          encodeResult(name, await run.call(fn, args)),
          startedAt,
        );
      }
      const columns = args as readonly ArrayLike<unknown>[]; // what map sends
      const outcomes = (await runChunk(fn, columns, run)) as ChunkOutcomes; // what it gives
      return returned(encodeOutcomes(name, outcomes), startedAt);
    } catch (thrown) {
      return threw(run, thrown, startedAt);
    } finally {
      if (run.retiresWorker) taskContext().retireWorker();
    }
  },
);

/** The same for a task that streams: yields encoded values, and returns how it ended. */
export const streamSent = task(
  import.meta.url,
  async function* streamSent(
    sent: SentCall,
  ): AsyncGenerator<Uint8Array, Outcome> {
    const { name } = sent;
    const run = runOf(sent);
    const startedAt = performance.now();
    try {
      const { fn, args } = await loadCall(sent);
      run.throwIfAborted();
      const iterator = iteratorOf(run.call(fn, args));
      try {
        for (;;) {
          // In the context of the task: its code runs here, too.
          const step = await (run.call(() => iterator.next(), []) as
            | IteratorResult<unknown, unknown>
            | Promise<IteratorResult<unknown, unknown>>);
          if (step.done === true) {
            return returned(encodeResult(name, step.value), startedAt);
          }
          yield encodeResult(name, step.value).bytes;
        }
      } finally {
        // After its own end this does nothing.
        await run.call(() => iterator.return?.(), []);
      }
    } catch (thrown) {
      return threw(run, thrown, startedAt);
    } finally {
      if (run.retiresWorker) taskContext().retireWorker();
    }
  },
);

/** Imports a module that is to be served. What it throws, it would throw for each of its tasks. */
export const importModule = task(
  import.meta.url,
  async function importModule(url: string): Promise<void> {
    await import(url);
  },
);

/** The run of the task, in that of this thread's task. */
function runOf({ attempt, key }: SentCall): TaskRun {
  const { signal, report, workerId } = taskContext();
  const run = new TaskRun(
    attempt,
    workerId,
    (value) => {
      report(encodeValue(value).bytes);
    },
    key,
  );
  signal.addEventListener('abort', () => {
    run.abort(signal.reason);
  });
  if (signal.aborted) run.abort(signal.reason);
  return run;
}

async function loadCall({ module, name, body }: SentCall) {
  const fn = await loadTaskInWorker({ module, name });
  return { fn, args: decodeArguments({ module, name }, { bytes: body }) };
}

function returned({ bytes }: EncodedValue, startedAt: number): Outcome {
  const ms = performance.now() - startedAt;
  return { kind: 'returned', body: bytes, message: '', ms };
}

function threw(run: TaskRun, thrown: unknown, startedAt: number): Outcome {
  return {
    kind: run.isAbortion(thrown) ? 'aborted' : 'threw',
    body: encodeThrownBody(thrown).bytes,
    message: messageOf(thrown),
    ms: performance.now() - startedAt,
  };
}
