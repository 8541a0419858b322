import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { downloaded } from '../downloaded.ts';
import { holdAllButAndorra } from '../holding-server.ts';
import { program, start, withoutTime } from '../program.ts';

describe('a run that is interrupted ends at once, with its tally', () => {
  test.for([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s', async ([signal, status]) => {
    await using server = await holdAllButAndorra(200);
    await using folder = await temporaryFolder();
    await using running = start('-v -a --timeout 3600', {
      cwd: folder.path,
      env: { FLAGS_LOCAL_PORT: String(server.port) },
    });
    await running.printed('AD OK');
    // As a worker leaves it that is terminated while it saves a flag.
    const partial = `${String(running.child.pid)}-1-7.part`;
    await writeFile(
      join(folder.path, 'downloaded/.downloads/partial', partial),
      'GIF',
    );
    running.child.kill(signal);
    const result = await running.finished;
    expect(withoutTime(result.stdout)).toMatch(
      /\nAD OK\n-{20}\n1 flag downloaded\.\nElapsed time: N\.NNs\n$/,
    );
    expect(result.stderr).toBe(`${program.name}: interrupted by ${signal}\n`);
    expect(result.status).toBe(status);
    expect(await downloaded(folder.path)).toEqual(['AD.gif']);
  });
});

test('Ctrl-C leaves an embedded server to the program, which stops it', async () => {
  await using folder = await temporaryFolder();
  await using running = start('-a -s DELAY', { cwd: folder.path });
  await running.printed('will be used.');
  running.interrupt();
  const { stdout, status } = await running.finished;
  expect(stdout).toMatch(/flags? downloaded\.\nElapsed time: /);
  expect(stdout).not.toContain('error');
  expect(status).toBe(130);
  const [, url] = /DELAY site: (\S+)/.exec(stdout) ?? [];
  await expect(fetch(String(url))).rejects.toThrow();
});

test('--codes prints how many it has', async () => {
  await using server = await holdAllButAndorra(200);
  await using folder = await temporaryFolder();
  await using running = start('--codes -a --timeout 3600', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(server.port) },
  });
  await running.printed('AD ');
  running.child.kill('SIGINT');
  const { stdout, status } = await running.finished;
  expect(withoutTime(stdout)).toBe('AD \n1 download in N.NNs\n');
  expect(status).toBe(130);
});

test('in full flow, only whole files stay', async () => {
  await using folder = await temporaryFolder();
  await using running = start('-v -e', { cwd: folder.path });
  await running.printed('AZ OK');
  running.child.kill('SIGINT');
  await running.finished;
  const directory = join(folder.path, 'downloaded');
  const names = await downloaded(folder.path);
  expect(names).toContain('AZ.gif');
  for (const name of names) {
    const code = name.slice(0, 2).toLowerCase();
    const original = new URL(
      `../../data/flags/${code}/${code}.gif`,
      import.meta.url,
    );
    const saved = await readFile(join(directory, name));
    expect(saved.equals(await readFile(original)), name).toBe(true);
  }
});

test('a reader that goes away ends the run quietly', async () => {
  await using folder = await temporaryFolder();
  await using running = start('-v -e', { cwd: folder.path });
  await running.printed('Searching');
  running.child.stdout.destroy();
  const { stderr, status } = await running.finished;
  expect(stderr.replace(/^LOCAL server: .*\n/, '')).toBe('');
  expect(status).toBe(141);
});
