import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { main } from './program.ts';

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

/** The program in a pseudo-terminal of 60 columns. */
export function startInTerminal(args: string) {
  const command = `stty cols 60 rows 24 && exec '${process.execPath}' '${main}' ${args}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  return {
    async shows(text: string): Promise<void> {
      while (!output.includes(text)) await once(child.stdout, 'data');
    },
    type: (keys: string) => child.stdin.write(keys),
    async finished() {
      const [status] = await closed;
      return { output, status };
    },
  };
}
