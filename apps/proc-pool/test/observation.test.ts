import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { findBrowser, openPage } from '../../../tools/browser/browser.ts';
import { run, SLOW, start } from './program.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { hasPty, startInTerminal } from './terminal.ts';

const browser = findBrowser();

/** How the tasks in a trace have ended, in any order. */
async function outcomesIn(file: string): Promise<string[]> {
  const trace = JSON.parse(await readFile(file, 'utf8')) as {
    traceEvents: { cat?: string; args: { outcome: string } }[];
  };
  return trace.traceEvents
    .filter(({ cat }) => cat === 'task')
    .map(({ args }) => args.outcome)
    .sort();
}

describe('--trace and --timeline', () => {
  it.each(['process', 'thread', 'serial'])(
    'write files of all checks, and tell their names: %s',
    async (executor) => {
      const folder = await temporaryFolder();
      const trace = join(folder, 'trace.json');
      const timeline = join(folder, 'run.html');
      const { stdout, stderr, status } = await run(
        ...['--executor', executor, '-n', '97,98'],
        ...['--trace', trace, '--timeline', timeline],
      );
      expect(stdout).toMatch(/\nTotal time: \d+\.\d\ds\n$/);
      expect(stderr).toBe(`trace: ${trace}\ntimeline: ${timeline}\n`);
      expect(status).toBe(0);
      expect(await outcomesIn(trace)).toEqual(['returned', 'returned']);
      expect(await readFile(timeline, 'utf8')).toContain('</html>');
      expect(await readdir(folder)).toHaveLength(2);
    },
  );

  it.skipIf(browser === undefined)(
    'show every check once, in a browser',
    async () => {
      const timeline = join(await temporaryFolder(), 'run.html');
      await run('2', '--timeline', timeline);
      await using opened = await openPage(browser ?? '', timeline);
      const { page, incidents } = opened;
      expect(await page.locator('#shown').innerText()).toBe('20 of 20 runs');
      const rows = await page.locator('#labels > .label').allInnerTexts();
      const workers = rows.filter((row) => /^\s*process \d+/.test(row));
      expect(workers).toHaveLength(2);
      expect(incidents).toEqual([]);
    },
  );

  it.each(['process', 'thread'])(
    'are kept at Ctrl-C, with what was running: %s',
    async (executor) => {
      const trace = join(await temporaryFolder(), 'trace.json');
      const program = start(
        ...['1', '--executor', executor, '-n', `97,${SLOW}`],
        ...['--trace', trace],
      );
      await program.waitFor(' 97  P');
      process.kill(program.pid, 'SIGINT');
      const { stderr, status } = await program.finish();
      expect(stderr).toBe(`trace: ${trace}\n`);
      expect(status).toBe(130);
      expect(await outcomesIn(trace)).toEqual(['returned', 'unfinished']);
    },
  );

  it('a file that cannot be written is known before any check', async () => {
    const { stdout, stderr, status } = await run('--trace', 'no/such/folder');
    expect(stderr).toMatch(/^proc-pool: error: cannot write .*ENOENT.*\n$/);
    expect({ stdout, status }).toEqual({ stdout: '', status: 1 });
  });
});

describe('--live', () => {
  it('says that it needs a terminal, and leaves standard output as it is', async () => {
    const { stdout, stderr, status } = await run('2', '--live', '-n', '97');
    expect(stdout).toMatch(/^Checking .*\n +97 {2}P .*\nTotal time: .*\n$/);
    expect(stderr).toMatch(/^proc-pool: there is no live view.*\n$/);
    expect(status).toBe(0);
  });

  it.skipIf(!hasPty)(
    'shows the workers, and the totals at the end',
    async () => {
      const { output, status } = await startInTerminal('2 --live').finished();
      expect(output).toMatch(/process \d+ +.*running/);
      const text = stripVTControlCharacters(output);
      expect(text.match(/ \d\.\d{6}s\r\n/g)).toHaveLength(20);
      expect(text).toMatch(/0 waiting, 0 running, 20 done\r\n/);
      expect(status).toBe(0);
    },
  );
});
