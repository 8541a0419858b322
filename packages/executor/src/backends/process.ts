import { spawn, type ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { StartWorker } from '../pool/worker-handle.ts';
import { encodeFrame, FrameDecoder } from '../wire/frames.ts';
import { CHANNEL_FD, type WorkerMessage } from '../wire/protocol.ts';
import { PoolExecutor, type PoolOptions } from './pool-executor.ts';

/**
 * Runs tasks in child processes. For CPU-bound work that must not share memory
 * or a crash with the program. Processes start slower and need more memory than
 * threads.
 */
export class ProcessPoolExecutor extends PoolExecutor {
  constructor(options: PoolOptions = {}) {
    super('ProcessPoolExecutor', startProcess, options);
  }
}

/**
 * The worker processes that run now. A busy one does not see that its pipe is
 * closed before its task is done, so they are killed when this program exits.
 */
const running = new Set<ChildProcess>();

function killAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

const startProcess: StartWorker = (_index, events) => {
  const child = spawn(
    process.execPath,
    [
      ...process.execArgv,
      fileURLToPath(new URL('../worker/process-entry.js', import.meta.url)),
    ],
    { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] },
  );
  const channel = child.stdio[CHANNEL_FD];
  if (!(channel instanceof Socket)) {
    throw new TypeError('spawn() gave no socket for the pipe to the worker');
  }
  if (running.size === 0) process.on('exit', killAll);
  running.add(child);

  const decoder = new FrameDecoder();
  let cause: unknown;
  channel.on('data', (chunk: Buffer) => {
    for (const message of decoder.push(chunk)) {
      events.message(message as WorkerMessage); // the worker sends nothing else
    }
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

  function exit(exitCode: number | null, signal: NodeJS.Signals | null): void {
    if (!running.delete(child)) return;
    if (running.size === 0) process.off('exit', killAll);
    const worker = `process ${String(child.pid ?? '(not started)')}`;
    events.exit({ worker, exitCode, signal, cause });
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
      if (keep) {
        child.ref();
        channel.ref();
      } else {
        child.unref();
        channel.unref();
      }
    },
  };
};
