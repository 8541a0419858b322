import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers';
import { fileURLToPath } from 'node:url';
import type { ResourceLimits } from 'node:worker_threads';
import type { StartWorker } from '../pool/worker-handle.ts';
import { HostFileLane } from '../wire/host-file-lane.ts';
import { prepareLaneFiles, type LaneFiles } from '../wire/lane-file.ts';
import { encodeFrame, FrameDecoder } from '../wire/frames.ts';
import { decodeValue, encodeValue } from '../wire/value-codec.ts';
import {
  DOORBELL,
  HOST_TO_WORKER_FD,
  WORKER_TO_HOST_FD,
  type HostMessage,
  type WorkerMessage,
} from '../wire/protocol.ts';
import { inheritedOptions } from './inherited-options.ts';
import type { WorkerKind, WorkerOptions } from './pool-executor.ts';

/** As for threads. The last ones are not to lie behind others while a worker has none. */
const PREFETCH = 100;

/**
 * A task takes a process 2.5 µs and more, so it has 0.3 ms to do with PREFETCH of them, and 1 ms
 * with these; to collect garbage takes this program a few. Measured, with larger batches
 * (host-file-lane.ts): a burst of 50,000 is 1.2 times as fast, one of 1,000 0.97.
 */
const DEEPEST = 420;

const PREFETCH_PACE = 2;

/**
 * To wake a process takes longer than to wake a thread. Measured with 64 tasks in flight: 6.1
 * µs a task with 0.1 ms, 5.4 with 0.2, 4.7 with 0.4.
 */
const WAIT = 0.4;

/** As for threads: here it is 4 to 6 µs, with three calls of the system that take 0.5 µs each. */
const QUICK = 0.003;

/**
 * Two calls of the system and a microtask for the answers of a look, and two more for the jobs
 * that follow them: as they came, 9 at a time, these were a third of what this program had to
 * do. Measured with 16, 24 and 40: a burst is 1.02, 1.14 and 1.07 times as fast.
 */
const GATHER = 24;

const valueCodec = () => ({ decodeValue, encodeValue });

const canSpin = availableParallelism() > 1;

/** What makes a pool one of processes. */
export const processes: WorkerKind = {
  startWorkers: startProcesses,
  prefetch: {
    depth: PREFETCH,
    deepest: DEEPEST,
    pace: PREFETCH_PACE,
    wait: WAIT,
    quick: QUICK,
    gather: GATHER,
  },
  sharesMemory: false,
};

/** How much of a worker's last output on stderr an error carries, in characters. */
const STDERR_TAIL = 4_096;

/**
 * The worker processes that run now. A busy one does not see that its pipe is
 * closed before its task is done, so they are killed when this program exits.
 */
const running = new Set<ChildProcess>();

function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

function startProcesses(
  namePrefix: string,
  { env, execArgv, resourceLimits = {} }: WorkerOptions,
  capacity: number,
): StartWorker {
  const entry = fileURLToPath(
    new URL('../worker/process-entry.cjs', import.meta.url),
  );
  return (index, events) => {
    // Its tasks must start one at a time, in order.
    const files = capacity === 1 ? openLaneFiles() : undefined;
    const child = spawn(
      process.execPath,
      [
        ...(execArgv ?? inheritedOptions(process.execArgv)),
        ...limitFlags(resourceLimits),
        `--title=${namePrefix}_${String(index)}`,
        entry,
      ],
      {
        stdio: [
          'ignore',
          'inherit',
          'pipe',
          'pipe',
          'pipe',
          ...(files === undefined ? [] : descriptors(files)),
        ],
        ...(env && { env }),
      },
    );
    const toWorker = socketOf(child.stdio[HOST_TO_WORKER_FD]);
    const fromWorker = socketOf(child.stdio[WORKER_TO_HOST_FD]);
    const stderr = socketOf(child.stderr);
    if (running.size === 0) process.on('exit', killAll);
    running.add(child);

    const name = `process ${String(child.pid ?? '(not started)')}`;
    const decoder = new FrameDecoder(valueCodec);
    const lane =
      files === undefined
        ? undefined
        : new HostFileLane(files, {
            wake() {
              send(DOORBELL);
            },
            broken: kill,
          });
    let cause: unknown;
    let lastOutput = '';
    fromWorker.on('data', (chunk: Buffer) => {
      for (const message of decoder.push(chunk)) {
        if (message === DOORBELL) events.answers();
        else events.message(message as WorkerMessage); // the worker sends nothing else
      }
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      process.stderr.write(text);
      lastOutput = (lastOutput + text).slice(-STDERR_TAIL);
    });
    // Writing to a process that is gone fails; its exit event tells what happened.
    toWorker.on('error', () => undefined);
    fromWorker.on('error', () => undefined);
    child.on('error', (error) => {
      cause = error;
      // A process that never started has no close event.
      if (child.pid === undefined) exit(null, null);
    });
    // Not `exit`: only `close` comes after the last message was read.
    child.on('close', (exitCode, signal) => {
      if (signal === 'SIGINT' || signal === 'SIGHUP') {
        // A terminal sends these to this program, too, which hears of its own in the next turn
        // of the event loop, between these two: first what the user did, then what came of it.
        setImmediate(() => setImmediate(exit, exitCode, signal));
      } else {
        exit(exitCode, signal);
      }
    });

    function exit(
      exitCode: number | null,
      signal: NodeJS.Signals | null,
    ): void {
      if (!running.delete(child)) return;
      if (running.size === 0) process.off('exit', killAll);
      events.exit({
        worker: name,
        exitCode,
        signal,
        stderr: lastOutput,
        outOfMemory: lastOutput.includes('JavaScript heap out of memory'),
        cause,
      });
      if (files !== undefined) closeAll(files);
    }

    function kill(): void {
      child.kill('SIGKILL');
    }

    function send(message: HostMessage | typeof DOORBELL): void {
      toWorker.cork();
      for (const part of encodeFrame(message, valueCodec)) toWorker.write(part);
      toWorker.uncork();
    }

    return {
      name,
      lane,
      send(message) {
        // A message may be about a task that waits to be written.
        lane?.flush();
        send(
          message.type === 'start' && lane !== undefined
            ? { ...message, lane: { canSpin } }
            : message,
        );
        lane?.posted();
      },
      terminate() {
        child.kill('SIGTERM');
      },
      kill,
      keepAlive(keep) {
        for (const handle of [child, toWorker, fromWorker, stderr]) {
          if (keep) handle.ref();
          else handle.unref();
        }
      },
    };
  };
}

/** Where Linux has files that are never written to a disk; to write there takes less, too. */
const SHARED_MEMORY = '/dev/shm';

/** In the order of LANE_FDS. */
function descriptors({ common, runs, answers }: LaneFiles): number[] {
  return [common, ...runs, ...answers];
}

function closeAll(files: LaneFiles): void {
  for (const file of descriptors(files)) closeSync(file);
}

/**
 * New files without names, which are gone when nobody has them open any more.
 * Undefined if there is no room for them: then all goes by messages.
 */
function openLaneFiles(): LaneFiles | undefined {
  // Whoever names a folder for temporary files has it used.
  const folders =
    process.env['TMPDIR'] === undefined
      ? [SHARED_MEMORY, tmpdir()]
      : [tmpdir()];
  for (const folder of folders) {
    const files = openLaneFilesIn(folder);
    if (files !== undefined) return files;
  }
  return undefined;
}

function openLaneFilesIn(folder: string): LaneFiles | undefined {
  const opened: number[] = [];
  const open = (): number => {
    const path = join(folder, `concurrent-executors-${randomUUID()}`);
    const file = openSync(path, 'wx+', 0o600);
    opened.push(file);
    unlinkSync(path);
    return file;
  };
  try {
    const files: LaneFiles = {
      common: open(),
      runs: [open(), open()],
      answers: [open(), open()],
    };
    prepareLaneFiles(files);
    return files;
  } catch {
    for (const file of opened) closeSync(file);
    return undefined;
  }
}

function socketOf(stream: unknown): Socket {
  if (stream instanceof Socket) return stream;
  throw new TypeError('spawn() gave no socket for a pipe of a worker');
}

/** The options of V8 that mean what the resource limits of a thread mean. */
function limitFlags(limits: ResourceLimits): string[] {
  const flags = {
    'max-old-space-size': limits.maxOldGenerationSizeMb,
    'max-semi-space-size': limits.maxYoungGenerationSizeMb,
    'stack-size': limits.stackSizeMb && limits.stackSizeMb * 1024,
  };
  return Object.entries(flags).flatMap(([name, value]) =>
    value === undefined ? [] : `--${name}=${String(value)}`,
  );
}
