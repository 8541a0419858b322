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

/** Starts the built program with additional environment variables. */
export function start(args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
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
    async waitFor(text: string): Promise<void> {
      while (!stdout.includes(text)) await once(child.stdout, 'data');
    },
    kill(signal: NodeJS.Signals): void {
      child.kill(signal);
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

export function run(args: string[], env?: NodeJS.ProcessEnv): Promise<Outcome> {
  return start(args, env).finish();
}
