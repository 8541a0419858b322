import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(
  new URL('../../packages/executor-bullmq/dist/cli/main.js', import.meta.url),
);

/** An executor-worker for the tests of programs, in a process of its own. */
export interface WorkerProgram extends AsyncDisposable {
  /** All lines so far, of standard output and standard error. */
  readonly lines: readonly string[];
  /** Asks it to end, and resolves with the exit status. */
  end(): Promise<number | null>;
}

/**
 * Starts it, and resolves when it takes tasks.
 *
 * @param modules files or URLs
 */
export async function startWorkerProgram(
  redis: string,
  modules: readonly string[],
  ...options: readonly string[]
): Promise<WorkerProgram> {
  const child = spawn(
    process.execPath,
    [program, '--redis', redis, '--modules', ...modules, ...options],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const ended = once(child, 'close');
  const lines: string[] = [];
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (line) => {
        lines.push(line);
        if (line.includes('ready')) resolve();
      });
    }
    void ended.then(() => {
      reject(new Error(`executor-worker has ended: ${lines.join('\n')}`));
    });
  });
  await ready;
  return {
    lines,
    async end() {
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL'); // without effect on one that has ended
      await ended;
    },
  };
}
