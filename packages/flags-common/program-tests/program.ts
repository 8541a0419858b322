// Runs the flags program that the vitest configuration of its app provides.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    program: {
      readonly name: string;
      /** Path of the built program. */
      readonly main: string;
      readonly defaultConcurrency: number;
      readonly maxConcurrency: number;
      /** Whether it has `--futures`. */
      readonly hasFutures: boolean;
    };
  }
}

export const program = inject('program');

export interface RunOptions {
  /** Where flags are saved, in its folder `downloaded`. */
  readonly cwd: string;
  /** Beyond the environment of the tests. */
  readonly env?: NodeJS.ProcessEnv;
  /** What standard input is. Default: nothing. */
  readonly input?: 'pipe';
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code, or the signal that ended the process. */
  readonly status: number | NodeJS.Signals | null;
}

/** A program that runs. Disposing of it kills it if it still does. */
export class RunningProgram implements AsyncDisposable {
  readonly child: ChildProcess & {
    readonly stdout: Readable;
    readonly stderr: Readable;
  };
  /**
   * Resolves when the process is gone and its pipes are closed. An embedded
   * server holds the pipe of standard error too, so it is then gone as well.
   */
  readonly finished: Promise<RunResult>;
  #stdout = '';
  #stderr = '';

  constructor(command: string, args: readonly string[], options: RunOptions) {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: {
        ...process.env,
        // Any free port, whatever stands on the usual ones.
        FLAGS_LOCAL_PORT: '0',
        FLAGS_DELAY_PORT: '0',
        FLAGS_ERROR_PORT: '0',
        ...options.env,
      },
      stdio: [options.input ?? 'ignore', 'pipe', 'pipe'],
      // A process group of its own, as a terminal gives to a command.
      detached: true,
    });
    this.child = child as RunningProgram['child']; // both are pipes
    this.child.stdout.setEncoding('utf8').on('data', (chunk) => {
      this.#stdout += String(chunk);
    });
    this.child.stderr.setEncoding('utf8').on('data', (chunk) => {
      this.#stderr += String(chunk);
    });
    this.finished = this.#finish();
  }

  /** Resolves when standard output has this in it; rejects if it ends before. */
  async printed(expected: string): Promise<void> {
    const ended = this.finished.then(({ stdout, stderr }) => {
      throw new Error(`ended without ${expected}: ${stdout}${stderr}`);
    });
    ended.catch(() => undefined);
    while (!this.#stdout.includes(expected)) {
      await Promise.race([once(this.child.stdout, 'data'), ended]);
    }
  }

  /** Signals the program and the processes that it has started, as Ctrl-C does. */
  interrupt(): void {
    process.kill(-Number(this.child.pid), 'SIGINT');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.finished;
  }

  async #finish(): Promise<RunResult> {
    await once(this.child, 'close');
    return {
      stdout: this.#stdout,
      stderr: this.#stderr,
      status: this.child.exitCode ?? this.child.signalCode,
    };
  }
}

/** Starts the program. */
export function start(args: string, options: RunOptions): RunningProgram {
  const words = args === '' ? [] : args.split(' ');
  return new RunningProgram(
    process.execPath,
    [program.main, ...words],
    options,
  );
}

/** Runs the program to its end. */
export async function run(
  args: string,
  options: RunOptions,
): Promise<RunResult> {
  await using running = start(args, options);
  return await running.finished;
}

/** A report with its measured time replaced. */
export function withoutTime(report: string): string {
  return report.replace(/\d+\.\d\ds$/m, 'N.NNs');
}
