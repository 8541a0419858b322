import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';
import { onTestFinished } from 'vitest';

const fixture = fileURLToPath(new URL('fixtures/live.mjs', import.meta.url));

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

/** Runs the fixture program in a pseudo-terminal, with a terminal emulator that shows it. */
export function startInTerminal(mode: string, env: NodeJS.ProcessEnv = {}) {
  const screen = new xterm.Terminal({
    rows: 12,
    cols: 60,
    allowProposedApi: true, // reading the screen is one
  });
  const command = `stty -echo rows 12 cols 60 && exec '${process.execPath}' '${fixture}' ${mode}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...process.env, SHELL: '/bin/sh', TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    screen.dispose();
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    screen.write(text);
  });

  /** All lines, also those that have scrolled away. */
  async function lines(): Promise<string[]> {
    // The emulator takes its time; it calls back in order.
    await new Promise<void>((resolve) => {
      screen.write('', resolve);
    });
    const { active } = screen.buffer;
    return Array.from({ length: active.length }, (_, row) =>
      String(active.getLine(row)?.translateToString(true)),
    );
  }

  return {
    screen,
    lines,
    async shows(text: string): Promise<void> {
      while (!(await lines()).join('\n').includes(text))
        await once(child.stdout, 'data');
    },
    type(keys: string): void {
      child.stdin.write(keys);
    },
    /** What the program has written, and its status as a shell would give it. */
    async finish(): Promise<{ output: string; status: number | null }> {
      const [status] = await closed;
      return { output, status };
    },
  };
}
