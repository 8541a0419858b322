import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** Starts the built program as the leader of a process group of its own. */
export function start(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
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
    closeStdout(): void {
      child.stdout.destroy();
    },
    async finish(): Promise<Outcome> {
      const [status] = await closed;
      return { stdout, stderr, status };
    },
  };
}

export function run(...args: string[]): Promise<Outcome> {
  return start(...args).finish();
}
