/*
 * What a thread of the worker runs: a task with the bytes that came for it. Values are read
 * and written here, so that the main thread, which must keep the locks of all tasks, is never
 * held up by a large one.
 */
import { taskContext, task } from '@concurrent-executors/executor/task';
import {
  currentRun,
  decodeArguments,
  encodeOutcomes,
  encodeResult,
  encodeThrownBody,
  encodeValue,
  isThenable,
  iteratorOf,
  loadTaskInWorker,
  messageOf,
  runChunk,
  type CallKind,
  type ChunkOutcomes,
  type EncodedValue,
  type TaskRun,
} from '@concurrent-executors/executor/backend';

/**
 * A call as the main thread hands it over: the name and the kind of the task, which run it
 * is, the idempotency key, and the encoded arguments.
 */
export type SentCall = [
  name: string,
  kind: CallKind,
  attempt: number,
  key: string,
  body: Uint8Array,
];

type LoadedFunction = (...args: readonly unknown[]) => unknown;

/** How it ended. */
export interface Outcome {
  readonly kind: 'returned' | 'threw' | 'aborted';
  /** The encoded result, or what was thrown. */
  readonly body: Uint8Array;
  /** What was thrown, in one line for people. */
  readonly message: string;
  /** Whether it was told to end before it did. */
  readonly told: boolean;
  /** How long it ran, in milliseconds. */
  readonly ms: number;
}

/**
 * Runs the call. Does not throw: what the task throws could not be told from other errors.
 * Without a promise if it can: the thread begins the next call at once then, and tells of
 * many together.
 */
export const runSent = task(
  import.meta.url,
  function runSent(...sent: SentCall): Outcome | Promise<Outcome> {
    const [name] = sent;
    const run = runOf(sent);
    const startedAt = performance.now();
    const fn = functions.get(name);
    return fn === undefined
      ? loadAndRun(sent, run, startedAt)
      : runLoaded(fn, sent, run, startedAt);
  },
);

/** The same for a task that streams: yields encoded values, and returns how it ended. */
export const streamSent = task(
  import.meta.url,
  async function* streamSent(
    ...sent: SentCall
  ): AsyncGenerator<Uint8Array, Outcome> {
    const [name] = sent;
    const run = runOf(sent);
    const startedAt = performance.now();
    try {
      const fn = await load(name);
      const args = argumentsOf(sent);
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
      retireIfAsked(run);
    }
  },
);

/** URL of the module whose tasks this thread runs. */
let module = '';

/** Says what this thread is for, before its first call. */
export const serveModule = task(
  import.meta.url,
  function serveModule(url: string): void {
    module = url;
  },
);

/** Imports the module. What that throws, it would throw for each of its tasks. */
export const importModule = task(
  import.meta.url,
  async function importModule(): Promise<void> {
    await import(module);
  },
);

/** The run of the task, in that of this thread's task. */
function runOf([, , attempt, key]: SentCall): TaskRun {
  const outer = currentRun();
  if (outer === undefined) throw new TypeError('called outside of a task');
  const { report } = outer;
  return outer.begin(
    attempt,
    (value) => {
      report(encodeValue(value).bytes);
    },
    key,
  );
}

/** Those that were called, by the names of the tasks. */
const functions = new Map<string, LoadedFunction>();

async function load(name: string): Promise<LoadedFunction> {
  const fn = functions.get(name) ?? (await loadTaskInWorker({ module, name }));
  functions.set(name, fn);
  return fn;
}

function argumentsOf([name, , , , bytes]: SentCall): unknown[] {
  return decodeArguments({ module, name }, { bytes });
}

async function loadAndRun(
  sent: SentCall,
  run: TaskRun,
  startedAt: number,
): Promise<Outcome> {
  const [name] = sent;
  let fn: LoadedFunction;
  try {
    fn = await load(name);
  } catch (thrown) {
    return threw(run, thrown, startedAt);
  }
  return runLoaded(fn, sent, run, startedAt);
}

function runLoaded(
  fn: LoadedFunction,
  sent: SentCall,
  run: TaskRun,
  startedAt: number,
): Outcome | Promise<Outcome> {
  const [name, kind] = sent;
  const end = (value: unknown): Outcome => {
    const encoded =
      kind === 'chunk'
        ? encodeOutcomes(name, value as ChunkOutcomes) // what runChunk gives
        : encodeResult(name, value);
    retireIfAsked(run);
    return returned(encoded, startedAt);
  };
  const fail = (thrown: unknown): Outcome => {
    retireIfAsked(run);
    return threw(run, thrown, startedAt);
  };
  try {
    const args = argumentsOf(sent);
    run.throwIfAborted();
    const result =
      kind === 'chunk'
        ? runChunk(fn, args as readonly ArrayLike<unknown>[], run) // what map sends
        : run.call(fn, args);
    return isThenable(result)
      ? Promise.resolve(result).then(end).catch(fail)
      : end(result);
  } catch (thrown) {
    return fail(thrown);
  }
}

function retireIfAsked({ retiresWorker }: TaskRun): void {
  if (retiresWorker) taskContext().retireWorker();
}

function returned({ bytes }: EncodedValue, startedAt: number): Outcome {
  const ms = performance.now() - startedAt;
  return { kind: 'returned', body: bytes, message: '', told: false, ms };
}

function threw(run: TaskRun, thrown: unknown, startedAt: number): Outcome {
  return {
    kind: run.isAbortion(thrown) ? 'aborted' : 'threw',
    body: encodeThrownBody(thrown).bytes,
    message: messageOf(thrown),
    told: run.signal.aborted,
    ms: performance.now() - startedAt,
  };
}
