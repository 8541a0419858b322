import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** Whether `script` is that of util-linux; the others have different options. */
export const hasPty = ((): boolean => {
  try {
    const options = { encoding: 'utf8', stdio: 'pipe' } as const;
    return execFileSync('script', ['--version'], options).includes(
      'util-linux',
    );
  } catch {
    return false;
  }
})();

/** Starts the built program with additional environment variables. */
export function start(args: string[], env?: NodeJS.ProcessEnv) {
  return watch(process.execPath, [main, ...args], env);
}

/** The same in a pseudo-terminal of 60 columns; all output is `stdout` then. */
export function startInTerminal(args: string[], env?: NodeJS.ProcessEnv) {
  const command = `stty cols 60 rows 24 && exec '${process.execPath}' '${main}' ${args.join(' ')}`;
  return watch('script', ['-qec', command, '/dev/null'], {
    SHELL: '/bin/sh',
    TERM: 'xterm',
    LC_ALL: 'C.UTF-8',
    ...env,
  });
}

function watch(file: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
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
    type(keys: string): void {
      child.stdin.write(keys);
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
