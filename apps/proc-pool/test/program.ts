import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** A prime; trial division takes seconds. */
export const SLOW = '18446744073709551557';

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  /** As a shell would give it: 128 and the number of the signal that ended the program. */
  readonly status: number;
}

/** Starts the built program as the leader of a process group of its own. */
export function start(...args: string[]) {
  return startIn(process.cwd(), args);
}

function startIn(
  folder: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
) {
  const child = spawn(process.execPath, [main, ...args], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    // Whoever runs the tests may have a Redis.
    env: { ...process.env, REDIS_URL: undefined, ...env },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const closed = once(child, 'close') as Promise<
    [number, null] | [null, NodeJS.Signals]
  >;
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return {
    /** Throws if the program could not be started. */
    get pid(): number {
      if (child.pid === undefined) throw new Error('the program has no pid');
      return child.pid;
    },
    async waitFor(text: string): Promise<void> {
      while (!stdout.includes(text)) await once(child.stdout, 'data');
    },
    async waitForError(text: string): Promise<void> {
      while (!stderr.includes(text)) await once(child.stderr, 'data');
    },
    /** The program may end before it has read everything. */
    async input(source: Iterable<string>): Promise<void> {
      await pipeline(Readable.from(source), child.stdin).catch(() => undefined);
    },
    write(text: string): void {
      child.stdin.write(text);
    },
    endInput(): void {
      child.stdin.end();
    },
    closeStdout(): void {
      child.stdout.destroy();
    },
    async finish(): Promise<Outcome> {
      const [code, signal] = await closed;
      const status = code ?? 128 + constants.signals[signal];
      return { stdout, stderr, status };
    },
  };
}

export function run(...args: string[]): Promise<Outcome> {
  return start(...args).finish();
}

export function runWithEnv(
  env: NodeJS.ProcessEnv,
  ...args: string[]
): Promise<Outcome> {
  return startIn(process.cwd(), args, env).finish();
}

export function runIn(folder: string, ...args: string[]): Promise<Outcome> {
  return startIn(folder, args).finish();
}
