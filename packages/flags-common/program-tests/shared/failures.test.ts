import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startFlagServer } from '@concurrent-executors/flags-common/server';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { downloaded } from '../downloaded.ts';
import { program, run, RunningProgram, start } from '../program.ts';

test('a folder that cannot be made', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'file'), '');
  const result = await run('--output file/flags', { cwd: folder.path });
  expect(result).toEqual({
    stdout: '',
    stderr: `${program.name}: error: cannot write ${join(folder.path, 'file', 'flags')}: not a directory (ENOTDIR)\n`,
    status: 1,
  });
});

test('a file whose name is taken by a folder is an error of its own', async () => {
  await using server = await startFlagServer();
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'downloaded', 'AD.gif');
  await mkdir(path, { recursive: true });
  const { stdout, status } = await run('-v ad ae', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(server.port) },
  });
  expect(stdout).toContain(
    `AD error: cannot write ${path}: illegal operation on a directory (EISDIR)\n`,
  );
  expect(stdout).toContain('\n1 flag downloaded.\n1 error.\n');
  expect(status).toBe(1);
  expect(await downloaded(folder.path)).toEqual(['AE.gif']);
});

// The limit for the size of a file stands in for a full disk.
test(
  'a file that cannot be written',
  { skip: process.platform === 'win32' },
  async () => {
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    const script = 'ulimit -f 1 && exec "$0" "$@"';
    await using running = new RunningProgram(
      'sh',
      ['-c', script, process.execPath, program.main, '-a'],
      { cwd: folder.path, env: { FLAGS_LOCAL_PORT: String(server.port) } },
    );
    const { stderr, status } = await running.finished;
    expect(stderr).toMatch(
      /\S+: error: cannot write \S+\.gif: file too large \(EFBIG\)\n$/,
    );
    expect(status).toBe(1);
    // What was below the limit is there, and nothing of what was above it.
    const directory = join(folder.path, 'downloaded');
    for (const name of await downloaded(folder.path)) {
      expect(name).toMatch(/^[A-Z]{2}\.gif$/);
      expect((await readFile(join(directory, name))).at(-1)).toBe(0x3b);
    }
  },
);

test('a standard error that nobody reads changes nothing', async () => {
  await using folder = await temporaryFolder();
  // The server that it starts is remarked upon there, and then the bar is shown.
  await using running = start('', { cwd: folder.path });
  running.child.stderr.destroy();
  const { stdout, status } = await running.finished;
  expect(stdout).toContain('\n20 flags downloaded.\n');
  expect(status).toBe(0);
});
