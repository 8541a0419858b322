import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { ResourceLimits } from 'node:worker_threads';
import type { StartWorker } from '../pool/worker-handle.ts';
import { encodeFrame, FrameDecoder, type Frame } from '../wire/frames.ts';
import { CHANNEL_FD, type WorkerMessage } from '../wire/protocol.ts';
import { rejectUnread } from '../wire/unread.ts';
import {
  PoolExecutor,
  type PoolOptions,
  type WorkerOptions,
} from './pool-executor.ts';

/**
 * Runs tasks in child processes. For CPU-bound work that must not share memory
 * or a crash with the program. Processes start slower and need more memory than
 * threads.
 */
export class ProcessPoolExecutor extends PoolExecutor {
  constructor(options: PoolOptions = {}) {
    super('ProcessPoolExecutor', startProcesses, options);
  }
}

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
  { env, execArgv = process.execArgv, resourceLimits = {} }: WorkerOptions,
): StartWorker {
  const entry = fileURLToPath(
    new URL('../worker/process-entry.js', import.meta.url),
  );
  return (index, events) => {
    const child = spawn(
      process.execPath,
      [
        ...execArgv,
        ...limitFlags(resourceLimits),
        `--title=${namePrefix}_${String(index)}`,
        entry,
      ],
      { stdio: ['ignore', 'inherit', 'pipe', 'pipe'], ...(env && { env }) },
    );
    const channel = child.stdio[CHANNEL_FD];
    const { stderr } = child;
    if (!(channel instanceof Socket && stderr instanceof Socket)) {
      throw new TypeError('spawn() gave no sockets for the pipes of a worker');
    }
    if (running.size === 0) process.on('exit', killAll);
    running.add(child);

    const decoder = new FrameDecoder();
    let cause: unknown;
    let lastOutput = '';
    channel.on('data', (chunk: Buffer) => {
      for (const frame of decoder.push(chunk)) events.message(read(frame));
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      process.stderr.write(text);
      lastOutput = (lastOutput + text).slice(-STDERR_TAIL);
    });
    // Writing to a process that is gone fails; its exit event tells what happened.
    channel.on('error', () => undefined);
    child.on('error', (error) => {
      cause = error;
      // A process that never started has no close event.
      if (child.pid === undefined) exit(null, null);
    });
    // Not `exit`: only `close` comes after the last message was read.
    child.on('close', exit);

    function exit(
      exitCode: number | null,
      signal: NodeJS.Signals | null,
    ): void {
      if (!running.delete(child)) return;
      if (running.size === 0) process.off('exit', killAll);
      events.exit({
        worker: `process ${String(child.pid ?? '(not started)')}`,
        exitCode,
        signal,
        stderr: lastOutput,
        outOfMemory: lastOutput.includes('JavaScript heap out of memory'),
        cause,
      });
    }

    return {
      send: (message) => {
        const frame = encodeFrame(message);
        channel.cork();
        for (const part of frame) channel.write(part);
        channel.uncork();
      },
      terminate: () => {
        child.kill('SIGKILL');
      },
      keepAlive: (keep) => {
        for (const handle of [child, channel, stderr]) {
          if (keep) handle.ref();
          else handle.unref();
        }
      },
    };
  };
}

/** A result that cannot be read fails its task. */
function read(frame: Frame): WorkerMessage {
  try {
    return frame.read() as WorkerMessage; // the worker sends nothing else
  } catch (cause) {
    return rejectUnread('result', frame.id, cause);
  }
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
