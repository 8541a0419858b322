import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { holdAllButAndorra } from '../holding-server.ts';
import { downloaded } from '../downloaded.ts';
import { program } from '../program.ts';

/** Whether `script` is that of util-linux; the others have different options. */
const hasPty = ((): boolean => {
  try {
    return execFileSync('script', ['--version'], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).includes('util-linux');
  } catch {
    return false;
  }
})();

/** The program in a pseudo-terminal of 60 columns. */
function startInTerminal(args: string, cwd: string, port: number) {
  const command = `stty cols 60 rows 24 && exec '${process.execPath}' '${program.main}' ${args}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    cwd,
    env: {
      ...process.env,
      SHELL: '/bin/sh',
      TERM: 'xterm',
      FLAGS_LOCAL_PORT: String(port),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const closed = once(child, 'close');
  return {
    async shows(text: string): Promise<void> {
      while (!output.includes(text)) await once(child.stdout, 'data');
    },
    type: (keys: string) => child.stdin.write(keys),
    async finished() {
      const [status] = (await closed) as [number | null];
      return { output, status };
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

describe.skipIf(!hasPty)('in a terminal (needs `script` of util-linux)', () => {
  test('Ctrl-C ends the bar and prints the tally below it', async () => {
    await using server = await holdAllButAndorra(200);
    await using folder = await temporaryFolder();
    await using terminal = startInTerminal(
      '-a --timeout 3600',
      folder.path,
      server.port,
    );
    await terminal.shows('1/194');
    terminal.type('\u0003');
    const { output, status } = await terminal.finished();
    // The report begins on a line of its own, below the bar.
    expect(stripVTControlCharacters(output)).toMatch(
      /1\/194 \[.*\]\s*\r\n-{20}\r\n1 flag downloaded\.\r\nElapsed time: /,
    );
    expect(output).toContain(`${program.name}: interrupted by SIGINT\r\n`);
    expect(status).toBe(130);
    expect(await downloaded(folder.path)).toEqual(['AD.gif']);
  });

  test('there is a bar, and no colour', async () => {
    await using server = await holdAllButAndorra(200);
    await using folder = await temporaryFolder();
    await using terminal = startInTerminal('ad', folder.path, server.port);
    const { output, status } = await terminal.finished();
    expect(output).toMatch(/100%\|█+\| 1\/1 /);
    // What a colour begins with, and ends with.
    expect(
      output.split('\u001b[').filter((part) => /^[\d;]*m/.test(part)),
    ).toEqual([]);
    expect(status).toBe(0);
    expect(await readdir(join(folder.path, 'downloaded'))).toContain('AD.gif');
  });
});
