import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findBrowser, openPage } from '../../../tools/browser/browser.ts';
import { hasPty, run, start, startInTerminal } from './program.ts';

const browser = findBrowser();

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'demo-map-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** The names of the tasks in a trace. */
async function tasksIn(file: string): Promise<string[]> {
  const trace = JSON.parse(await readFile(file, 'utf8')) as {
    traceEvents: { ph: string; name: string }[];
  };
  return trace.traceEvents
    .filter(({ ph, name }) => ph === 'X' && name === 'loiter')
    .map(({ name }) => name);
}

describe('--gantt', () => {
  // Without workers nothing has to start, so that bars take most of the chart's width.
  it('draws what has run when, below the lines', async () => {
    const args = ['--executor', 'async', '--workers', '1', '1', '1'];
    const { stdout, stderr, status } = await run(['--gantt', ...args], {
      LC_ALL: 'C.UTF-8',
    });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    const [lines, chart] = stdout.split('\n\n');
    expect(lines).toMatch(/result 1: 10$/);
    expect(chart).toMatch(
      /^event loop {2}░*▐█*loiter\(1\)█*░*▐█*loiter\(1\)█*\nwaiting .*\n.*┬.*\n.*s.*\n2 runs in [\d.]+s\n$/,
    );
  });

  it.each(['thread', 'process'])(
    'draws a row for each %s',
    async (executor) => {
      const args = ['--executor', executor, '--workers', '2', '0', '0', '0'];
      const { stdout } = await run(['--gantt', ...args], {
        LC_ALL: 'C.UTF-8',
      });
      const [, chart = ''] = stdout.split('\n\n');
      const rows = chart
        .split('\n')
        .filter((line) => line.startsWith(executor));
      expect(rows.length).toBeGreaterThanOrEqual(1);
      expect(rows.length).toBeLessThanOrEqual(2);
      for (const row of rows) expect(row).toMatch(/^\w+ \d+ {2}.*[▐█]/);
      expect(chart).toMatch(/^3 runs in /m);
    },
  );

  it('draws ASCII where the locale has nothing else', async () => {
    const { stdout } = await run(['--gantt', '--executor', 'async', '0.5'], {
      LC_ALL: 'C',
    });
    expect(stdout).toMatch(/^event loop {2}\.*\[#*loiter\(0\.5\)#*$/m);
  });

  it('draws nothing into a pipe unless asked for', async () => {
    const { stdout } = await run(['0']);
    expect(stdout).not.toContain('thread 1');
  });

  it.skipIf(!hasPty)('draws on a terminal unless told not to', async () => {
    const { stdout } = await startInTerminal(['0.1']).finish();
    expect(stdout).toMatch(/^thread 1 {2}.*[▐█]/m);
    const other = await startInTerminal(['0.1', '--no-gantt']).finish();
    expect(other.stdout).not.toContain('thread 1');
    expect(other.status).toBe(0);
  });
});

describe('--trace and --timeline', () => {
  it('write files, and tell their names', async () => {
    const folder = await temporaryFolder();
    const trace = join(folder, 'trace.json');
    const timeline = join(folder, 'run.html');
    const args = ['0', '0', '--trace', trace, '--timeline', timeline];
    const { stderr, status } = await run(args);
    expect(stderr).toBe(`trace: ${trace}\ntimeline: ${timeline}\n`);
    expect(status).toBe(0);
    expect(await tasksIn(trace)).toEqual(['loiter', 'loiter']);
    expect(await readFile(timeline, 'utf8')).toContain('</html>');
    expect((await readdir(folder)).sort()).toEqual(['run.html', 'trace.json']);
  });

  it.skipIf(browser === undefined)(
    'show every task once, in a browser',
    async () => {
      const timeline = join(await temporaryFolder(), 'run.html');
      await run(['0', '0.1', '0.2', '--timeline', timeline]);
      await using opened = await openPage(browser ?? '', timeline);
      const { page, incidents } = opened;
      expect(await page.locator('#shown').innerText()).toBe('3 of 3 runs');
      expect(incidents).toEqual([]);
    },
  );

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('are kept at %s', async (signal, status) => {
    const folder = await temporaryFolder();
    const trace = join(folder, 'trace.json');
    const program = start(['3600', '--trace', trace]);
    await program.waitFor('loiter(3600): doing nothing');
    program.kill(signal);
    expect(await program.finish()).toMatchObject({
      status,
      stderr: `trace: ${trace}\n`,
    });
    expect(await tasksIn(trace)).toEqual(['loiter']);
    expect(await readdir(folder)).toEqual(['trace.json']);
  });

  it('say before any work that a file cannot be written', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'none', 'run.html');
    const { stdout, stderr, status } = await run([
      '--trace',
      join(folder, 'trace.json'),
      '--timeline',
      path,
    ]);
    expect({ stdout, stderr, status }).toEqual({
      stdout: '',
      stderr: `demo-map: error: cannot write ${path}: no such file or directory (ENOENT)\n`,
      status: 1,
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('say so if a file cannot be completed at the end', async () => {
    const folder = await temporaryFolder();
    const trace = join(folder, 'gone', 'trace.json');
    await mkdir(join(folder, 'gone'));
    const program = start(['3600', '--trace', trace]);
    await program.waitFor('loiter(3600): doing nothing');
    await rm(join(folder, 'gone'), { recursive: true });
    program.kill('SIGINT');
    expect(await program.finish()).toMatchObject({
      stderr: `demo-map: error: cannot write ${trace}: no such file or directory (ENOENT)\n`,
      status: 130,
    });
  });

  it('need different files', async () => {
    const { stdout, stderr, status } = await run([
      '--trace',
      'run',
      '--timeline',
      './run',
    ]);
    expect({ stdout, stderr, status }).toEqual({
      stdout: '',
      stderr:
        'demo-map: error: trace and timeline need different files; both are run\n',
      status: 1,
    });
  });
});

describe('--live', () => {
  it('says so where there is no terminal', async () => {
    const { stderr, status } = await run(['0', '--live']);
    expect({ stderr, status }).toEqual({
      stderr:
        'demo-map: there is no live view, since the output for it is not a terminal\n',
      status: 0,
    });
  });

  it.skipIf(!hasPty)('shows the workers, and ends at Ctrl-C', async () => {
    const program = startInTerminal(['3600', '--live']);
    await program.waitFor('loiter(3600): doing nothing');
    await program.waitFor('thread 1   running');
    program.type('\u0003');
    const { stdout, status } = await program.finish();
    expect(stdout).toContain('loiter(3600): doing nothing');
    expect(stdout).toContain('0 waiting, 1 running, 0 done\r\n');
    // At the end the whole screen scrolls again.
    expect(stdout.lastIndexOf('\u001B[r')).toBeGreaterThan(
      stdout.lastIndexOf('\u001B[1;'),
    );
    expect(status).toBe(130);
  });
});
