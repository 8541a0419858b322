import type { ChunkOutcomes } from '../core/call-kind.ts';
import { monotonicNow, type RunTimes } from '../core/clock.ts';
import { StreamRun } from '../core/stream-run.ts';
import { TaskRun } from '../core/task-context.ts';
import { isThenable } from '../core/thenable.ts';
import type { Claim } from '../wire/claims.ts';
import type { WorkerLane } from '../wire/lane.ts';
import type {
  HostMessage,
  StartMessage,
  WorkerMessage,
} from '../wire/protocol.ts';
import { isSmall } from '../wire/small-values.ts';
import type { Codec } from '../wire/codec.ts';
import type { EncodeOptions } from '../wire/encode-options.ts';
import type { EncodedValue } from '../wire/encoded-value.ts';
import { LoadedTasks, type LoadedFunction } from './loaded-tasks.ts';
import { runChunk, type Run } from './run.ts';
import { thrownBody } from './thrown-body.ts';

/** The worker that runs the tasks, and its way to the host. */
export interface Surroundings {
  /** The id of this thread or process. */
  readonly workerId: number;
  readonly send: (message: WorkerMessage) => void;
  /** The right to start a task that was sent. */
  readonly claim: Claim;
  /** The way of small tasks, if there is one. */
  readonly lane: WorkerLane | undefined;
  /** Reads and writes values that are not small. Throws what keeps it from being loaded. */
  readonly codec: () => Codec;
  /** How values are encoded on the way to the host. */
  readonly options: EncodeOptions;
  /** Bytes of memory that this worker uses. */
  readonly memory: () => number;
}

/**
 * After so many milliseconds of tasks that are done when they return, timers and
 * messages have their turn. It is looked at every few tasks: a look at the clock
 * takes as long as a short one.
 */
const TURN = 1;
const TASKS_PER_LOOK = 8;

/**
 * The worker's side of the protocol. Returns the functions that take the host's
 * messages, and look for tasks in the lane.
 *
 *   run ──> inbox ──claim──> running ──> resolved, rejected
 *           lane    └──────> skipped, also once this worker is to be replaced
 *
 * A task is claimed before its module is imported: should the import end the
 * worker, the task is not given to the next one.
 */
export function runTasks({
  workerId,
  send,
  claim,
  lane,
  codec,
  options,
  memory,
}: Surroundings): {
  readonly receive: (message: HostMessage) => void;
  readonly look: () => void;
} {
  const tasks = new LoadedTasks();
  /** Those that came in messages, or before a message, in order. */
  const inbox: Run[] = [];
  /** Those that an abort can reach. */
  const received = new Map<number, TaskRun>();
  /** Why those are to end that the lane has not given yet. */
  const aborted = new Map<number, unknown>();
  /** The last one that the lane has given: ids go up. */
  let lastOfLane = -1;
  const streams = new Map<number, StreamRun>();
  let running = 0;
  let capacity = 0;
  let maxMemory = Infinity;
  let isTurnSet = false;
  /** Whether it starts no more tasks: it is to be replaced. */
  let retires = false;

  async function start(message: StartMessage): Promise<void> {
    const { initializer, body } = message;
    if (initializer !== undefined) {
      try {
        const fn = await tasks.load({ address: initializer, fn: undefined });
        const args = body.bytes.length === 0 ? [] : codec().decodeValue(body);
        await fn(...(args as unknown[])); // what the pool was given
      } catch (thrown) {
        const thrownInIt = thrownBody(thrown, codec, options);
        send({ type: 'failed', body: thrownInIt });
        // The host has heard why; without it this worker has nothing to do.
        process.exit(1);
      }
    }
    send({ type: 'ready' });
    ({ capacity, maxMemory } = message);
    startTasks();
  }

  function startTasks(): void {
    startWhatCan();
    // With room for several at once, those that wait need not have been sent ahead, and the
    // host does not look by itself.
    if (isTurnSet && capacity === 1) lane?.turns();
    else lane?.tell();
  }

  function startWhatCan(): void {
    let began: number | undefined;
    for (let started = 1; running < capacity || retires; started += 1) {
      const run = nextRun();
      if (run === undefined) {
        // While tasks run here, their event loop must turn.
        if (lane === undefined || lane.park(running === 0)) return;
        continue;
      }
      if (!retires && claim(run.place)) {
        running += 1;
        startRun(run);
      } else {
        skip(run);
      }
      if (started % TASKS_PER_LOOK !== 0) continue;
      const now = monotonicNow();
      began ??= now;
      if (now - began > TURN) {
        takeTurns();
        return;
      }
    }
  }

  function takeTurns(): void {
    if (isTurnSet) return;
    isTurnSet = true;
    setImmediate(() => {
      isTurnSet = false;
      startTasks();
    });
  }

  function nextRun(): Run | undefined {
    return lane?.announcesMessages === true
      ? nextOfLane()
      : (inbox.shift() ?? nextOfLane());
  }

  function nextOfLane(): Run | undefined {
    if (lane?.next() !== true) return undefined;
    const { place } = lane;
    const id = lane.idIn(place);
    lastOfLane = id;
    if (lane.isMessage) return takeFromInbox(id);
    const task = tasks.get(lane.taskIn(place));
    const context = contextOf(id, lane.attemptIn(place));
    if (aborted.has(id)) {
      context.abort(aborted.get(id));
      aborted.delete(id);
    }
    return {
      id,
      place,
      task,
      context,
      kind: lane.isChunk(place) ? 'chunk' : 'single',
      room: 0,
      args: undefined,
      body: lane.encodedIn(place),
      isTimed: false,
      startedAt: 0,
    };
  }

  /** Those before it were withdrawn: their turn has not come. */
  function takeFromInbox(id: number): Run | undefined {
    for (let run = inbox.shift(); run !== undefined; run = inbox.shift()) {
      if (run.id === id) return run;
      received.delete(run.id);
    }
    return undefined;
  }

  function contextOf(id: number, attempt: number): TaskRun {
    return new TaskRun(attempt, workerId, sendProgress, id);
  }

  function sendProgress(value: unknown, id: number): void {
    send({ type: 'progress', id, body: codec().encodeValue(value, options) });
  }

  function skip({ id, place }: Run): void {
    received.delete(id);
    if (lane?.skip(place) !== true) send({ type: 'skipped', id });
  }

  function startRun(run: Run): void {
    const { task } = run;
    if (run.isTimed) run.startedAt = monotonicNow();
    if (task.fn !== undefined) {
      call(task.fn, run);
      return;
    }
    loadAndCall(run);
  }

  // This and settleLater() stand apart: a function with a closure takes memory for what that
  // refers to each time that it is called.

  function loadAndCall(run: Run): void {
    received.set(run.id, run.context);
    tasks.load(run.task).then(
      (fn) => {
        call(fn, run);
        startTasks();
      },
      (error: unknown) => {
        threw(run, error);
        startTasks();
      },
    );
  }

  function settleLater(run: Run, result: unknown): void {
    received.set(run.id, run.context);
    Promise.resolve(result).then(
      (value) => {
        returned(run, value);
        startTasks();
      },
      (error: unknown) => {
        threw(run, error);
        startTasks();
      },
    );
  }

  function call(fn: LoadedFunction, run: Run): void {
    const { task, context, body } = run;
    let result: unknown;
    try {
      const args =
        body === undefined
          ? (run.args ?? lane?.argumentsIn(run.place))
          : codec().decodeArguments(task.address, body);
      context.throwIfAborted();
      result = callByKind(fn, args ?? [], run);
      if (isThenable(result)) {
        settleLater(run, result);
        return;
      }
    } catch (thrown) {
      threw(run, thrown);
      return;
    }
    returned(run, result);
  }

  function callByKind(
    fn: LoadedFunction,
    args: readonly unknown[],
    { id, task, context, kind, room }: Run,
  ): unknown {
    switch (kind) {
      case 'single':
        return context.call(fn, args);
      case 'chunk':
        return runChunk(fn, args as ArrayLike<unknown>[], context); // what map sends
      case 'stream': {
        const stream = new StreamRun(context, room);
        streams.set(id, stream);
        return stream
          .drive(context.call(fn, args), (value) => {
            send({
              type: 'yielded',
              id,
              body: codec().encodeResult(task.address.name, value, options),
            });
          })
          .finally(() => streams.delete(id));
      }
    }
  }

  function returned(run: Run, value: unknown): void {
    const { id, place, context } = run;
    // Then nothing in it runs code, and it can be written when all else is done.
    const times = timesOf(run);
    const goesByLane =
      lane !== undefined && times === undefined && isSmall(value);
    let body: EncodedValue | undefined;
    try {
      if (!goesByLane) body = encode(run, value);
    } catch (thrown) {
      threw(run, thrown);
      return;
    }
    retires ||= shouldRetire(context);
    received.delete(id);
    running -= 1;
    // Before the next task starts: if that ends the worker, this one is done.
    if (goesByLane && !retires && lane.answer(place, value)) return;
    body ??= encode(run, value);
    if (!retires && times === undefined && lane?.answerEncoded(place, body)) {
      return;
    }
    send({ type: 'resolved', id, body, retire: retires, times });
  }

  function threw(run: Run, thrown: unknown): void {
    const { id, context } = run;
    const times = timesOf(run);
    const body = thrownBody(thrown, codec, options);
    const isAbortion = context.isAbortion(thrown);
    retires ||= shouldRetire(context);
    received.delete(id);
    running -= 1;
    send({
      type: 'rejected',
      id,
      body,
      aborted: isAbortion,
      retire: retires,
      times,
    });
  }

  function timesOf({ isTimed, startedAt }: Run): RunTimes | undefined {
    return isTimed ? { startedAt, endedAt: monotonicNow() } : undefined;
  }

  function encode({ task, kind }: Run, value: unknown): EncodedValue {
    const { name } = task.address;
    return kind === 'chunk'
      ? codec().encodeOutcomes(name, value as ChunkOutcomes, options) // what runChunk gives
      : codec().encodeResult(name, value, options);
  }

  function shouldRetire(context: TaskRun): boolean {
    return (
      context.retiresWorker || (maxMemory !== Infinity && memory() > maxMemory)
    );
  }

  function receive(message: HostMessage): void {
    switch (message.type) {
      case 'start':
        void start(message);
        return;
      case 'run': {
        const { id, place, number, attempt, kind, room, isTimed } = message;
        const task =
          message.task === undefined
            ? tasks.get(number)
            : tasks.add(number, message.task);
        const context = contextOf(id, attempt);
        received.set(id, context);
        inbox.push({
          id,
          place,
          task,
          context,
          kind,
          room,
          args: 'args' in message ? message.args : undefined,
          body: 'body' in message ? message.body : undefined,
          isTimed,
          startedAt: 0,
        });
        return;
      }
      case 'abort':
        abort(message.id, codec().decodeThrownBody(message.body));
        send({ type: 'aborting', id: message.id });
        return;
      case 'grant':
        streams.get(message.id)?.grant(message.count);
        return;
      case 'close':
        process.exit(0);
    }
  }

  function abort(id: number, reason: unknown): void {
    const context = received.get(id);
    if (context !== undefined) context.abort(reason);
    else if (id > lastOfLane) aborted.set(id, reason);
  }

  /** What was sent before a message comes before it. */
  function takeBeforeMessage(): void {
    for (let run = nextOfLane(); run !== undefined; run = nextOfLane()) {
      received.set(run.id, run.context);
      inbox.push(run);
    }
  }

  return {
    receive(message) {
      if (lane?.announcesMessages === false) takeBeforeMessage();
      lane?.received();
      receive(message);
      startTasks();
    },
    look: startTasks,
  };
}
