import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { run, SLOW, start } from './program.ts';
import { hasPty, startInTerminal } from './terminal.ts';

describe('--progress', () => {
  it('leaves standard output as it is, and one line on standard error', async () => {
    const { stdout, stderr, status } = await run(
      ...['2', '--progress', '-n', '97,98'],
    );
    expect(stdout).toMatch(/^Checking .*\n +97 .*\n +98 .*\nTotal time: .*\n$/);
    expect(stderr).toMatch(/^2 processes: 100% 2\/2 \[.*\]\n$/);
    expect(status).toBe(0);
  });

  it('counts without a total for a file', async () => {
    const program = start('--progress', '--executor', 'serial', '-f', '-');
    program.write('97\n98\n');
    program.endInput();
    expect((await program.finish()).stderr).toMatch(
      /^main thread: 2number \[.*\]\n$/,
    );
  });

  it('shows the second run of a comparison, too', async () => {
    const { stderr } = await run(
      ...['2', '--progress', '--speed-up', '-n', '97', '--executor', 'thread'],
    );
    expect(stderr).toMatch(/^2 threads: .* 1\/1 .*\n1 thread: .* 1\/1 .*\n$/);
  });
});

describe.skipIf(!hasPty)('in a terminal (needs `script` of util-linux)', () => {
  it('results stand in lines of their own above the bar', async () => {
    const { output, status } = await startInTerminal('2 --progress').finished();
    // Each begins where a bar was erased, from the first column on.
    const results = output.matchAll(
      // eslint-disable-next-line no-control-regex -- what a terminal is sent
      /\u001b\[1G\u001b\[J[ \d]{16} {2}[P ] [ \d]\d\.\d{6}s\r\n/g,
    );
    expect([...results]).toHaveLength(20);
    expect(output).toMatch(/100%\|█+\| 20\/20 /);
    expect(output).toMatch(/Total time: \d+\.\d\ds\r\n$/);
    expect(status).toBe(0);
  });

  it('without it there is no bar, and no control character', async () => {
    const { output } = await startInTerminal('2 -n 97').finished();
    expect(output).toBe(stripVTControlCharacters(output));
    expect(output).not.toContain('%');
  });

  it.each(['process', 'thread', 'serial'])(
    'Ctrl-C ends a run with a bar: %s',
    async (executor) => {
      const terminal = startInTerminal(
        `--progress --executor ${executor} -n 97,${SLOW}`,
      );
      await terminal.shows(' 97  P');
      terminal.type('\u0003');
      const { output, status } = await terminal.finished();
      expect(output).not.toContain('Total time');
      expect(status).toBe(130);
    },
  );
});
