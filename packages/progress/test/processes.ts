import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const program = fileURLToPath(new URL('fixtures/bars.mjs', import.meta.url));

/** Runs the fixture program with its output in pipes. */
export function runInPipes(mode: string) {
  return spawnSync(process.execPath, [program, mode], {
    encoding: 'utf8',
    timeout: 20_000, // only a hang takes that long
  });
}

export const PTY_COLUMNS = 60;

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

/** Runs the fixture program in a pseudo-terminal made by `script` of util-linux. */
export function runInPty(mode: string, environment: NodeJS.ProcessEnv = {}) {
  const command = `stty cols ${String(PTY_COLUMNS)} rows 24 && exec '${process.execPath}' '${program}' ${mode}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm', ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  return {
    async waitFor(text: string): Promise<void> {
      while (!output.includes(text)) await once(child.stdout, 'data');
    },
    type(keys: string): void {
      child.stdin.write(keys);
    },
    /** What the program has written and its status, as a shell would give it. */
    async finish(): Promise<{ output: string; status: number | null }> {
      const [status] = (await once(child, 'close')) as [number | null];
      return { output, status };
    },
  };
}
