import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(
  new URL('../../packages/executor-bullmq/dist/cli/main.js', import.meta.url),
);

/** An executor-worker in a process of its own. */
export interface WorkerProcess extends AsyncDisposable {
  readonly child: ChildProcess;
  /** All lines so far, of standard output and standard error. */
  readonly lines: readonly string[];
  /** Resolves with the first line, from the beginning, that matches. */
  line(pattern: RegExp): Promise<string>;
  /** Sends the signal, and resolves with the exit status or the signal. */
  end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
}

/** Starts it, and resolves when it takes tasks. */
export async function startWorker(
  redis: string,
  modules: readonly string[],
  ...options: readonly string[]
): Promise<WorkerProcess> {
  const worker = launchWorker(
    '--redis',
    redis,
    '--modules',
    ...modules,
    ...options,
  );
  await worker.line(/ready/);
  return worker;
}

/** Starts it with these arguments, whatever comes of it. */
export function launchWorker(...args: readonly string[]): WorkerProcess {
  return launch([program, ...args]);
}

/** The same, with a module that is loaded before the program. */
export function launchObserved(
  observer: string,
  ...args: readonly string[]
): WorkerProcess {
  return launch(['--import', observer, program, ...args]);
}

function launch(args: readonly string[]): WorkerProcess {
  const child = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on('line', (line) => {
      lines.push(line);
      for (const look of waiting) look();
    });
  }
  const ended = once(child, 'close');
  return {
    child,
    lines,
    line(pattern) {
      return new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((line) => pattern.test(line));
          if (found === undefined) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        void ended.then(() => {
          if (waiting.has(look)) {
            reject(new Error(`it ended before: ${lines.join('\n')}`));
          }
        });
        look();
      });
    },
    async end(signal) {
      child.kill(signal);
      await ended;
      return child.exitCode ?? child.signalCode;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
      }
      await ended;
    },
  };
}
