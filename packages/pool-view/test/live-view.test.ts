import { spawnSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { LiveView } from '@concurrent-executors/pool-view';
import { describe, expect, test } from 'vitest';
import { hasPty, startInTerminal } from './terminal.ts';

type Terminal = ReturnType<typeof startInTerminal>;

/** The lines down to the last that is not empty. */
async function textOf({ lines }: Terminal): Promise<string[]> {
  return (await lines()).join('\n').trimEnd().split('\n');
}

/** The view is gone, and new lines scroll over the whole screen again. */
async function expectRestored(terminal: Terminal): Promise<void> {
  const { screen } = terminal;
  const text = await textOf(terminal);
  expect(text.filter((line) => line.startsWith('WORKER'))).toEqual([]);
  expect(screen.buffer.active.cursorX).toBe(0);
  screen.write('\r\n'.repeat(screen.rows - 1) + 'last row');
  await terminal.lines();
  const { active } = screen.buffer;
  expect(active.cursorY).toBe(screen.rows - 1);
  expect(active.getLine(active.baseY)?.translateToString(true)).not.toContain(
    'last row',
  );
  expect(await textOf(terminal)).toEqual(
    expect.arrayContaining([...text, 'last row']),
  );
}

describe.skipIf(!hasPty)(
  'in a pseudo-terminal (needs `script` of util-linux)',
  () => {
    test('a line for each worker; what anybody prints stands above, whole', async () => {
      const terminal = startInTerminal('lines');
      await terminal.shows('thread 1   running');
      const before = (await textOf(terminal)).filter((line) => line !== '');
      expect(before).toEqual([
        'begun, ',
        expect.stringMatching(/^test {2}[\d.]+m?s {2}[\d.]+ tasks\/s$/),
        '0 waiting, 1 running, 0 done',
        'waited –; ran –',
        'WORKER     STATE        FOR   DONE  TASK',
        expect.stringMatching(/^thread 1 {3}running +[\d.]+m?s +0 {2}rest$/),
      ]);
      terminal.type('\n');
      await terminal.shows('the end');
      const { status } = await terminal.finish();
      const counted = Array.from({ length: 10 }, (_, i) => String(i));
      expect(await textOf(terminal)).toEqual([
        'begun, worker 0',
        ...counted.flatMap((i) => [`worker ${i}`, `main ${i}`]).slice(1),
        expect.stringMatching(/^test {2}[\d.]+m?s {2}[\d.]+ tasks\/s$/),
        expect.stringMatching(/^0 waiting, 0 running, 12 done, 2 failed$/),
        expect.stringMatching(/^waited p50 \S+ p99 \S+; ran p50 \S+ p99 \S+$/),
        'the end',
      ]);
      expect(status).toBe(0);
      await expectRestored(terminal);
    });

    test('as many workers as fit, below what stood on the screen', async () => {
      const terminal = startInTerminal('many');
      await terminal.shows('0 waiting, 8 running');
      await terminal.shows('thread 1   running');
      expect((await textOf(terminal)).slice(-5)).toEqual([
        expect.stringMatching(/^WORKER/),
        expect.stringMatching(/^thread 1 {3}running .* rest$/),
        expect.stringMatching(/^thread 2 {3}running .* rest$/),
        expect.stringMatching(/^thread 3 {3}running .* rest$/),
        '… and 5 more workers',
      ]);
      terminal.type('\n');
      expect(await terminal.finish()).toMatchObject({ status: 0 });
      expect((await textOf(terminal)).slice(0, -3)).toEqual(
        Array.from({ length: 12 }, (_, i) => `before ${String(i)}`),
      );
      await expectRestored(terminal);
    });

    test('it follows the size of the terminal', async () => {
      const terminal = startInTerminal('resize');
      await terminal.shows('… and 5 more workers');
      terminal.screen.resize(40, 20);
      terminal.type('\n');
      await terminal.shows('thread 8   running');
      const { active } = terminal.screen.buffer;
      const bottom = active.getLine(active.baseY + 19);
      expect(bottom?.translateToString(true)).toMatch(/^thread 8 {3}running/);
      const heads = (await terminal.lines()).filter((line) =>
        line.startsWith('WORKER'),
      );
      expect(heads).toHaveLength(1);
      terminal.type('\n');
      expect(await terminal.finish()).toMatchObject({ status: 0 });
      await expectRestored(terminal);
    });

    test('beside a progress bar', async () => {
      const terminal = startInTerminal('bar');
      for (const step of ['one', 'two', 'three']) {
        await terminal.shows('bar: ');
        await terminal.shows('thread 1   running');
        terminal.type('\n');
        await terminal.shows(step);
      }
      expect(await terminal.finish()).toMatchObject({ status: 0 });
      expect(await textOf(terminal)).toEqual([
        'one',
        'two',
        'three',
        expect.stringMatching(/^bar: 100%\|█+\| 3\/3 \[.*\]$/),
        expect.stringMatching(/^test {2}/),
        '0 waiting, 0 running, 1 done, 1 failed',
        expect.stringMatching(/^waited /),
      ]);
      await expectRestored(terminal);
    });

    test.each([
      ['ends the program', 'hold', 128 + 2],
      ['reaches the handler of the program', 'handle', 7],
    ])('Ctrl-C %s, and the terminal is restored', async (_, mode, status) => {
      const terminal = startInTerminal(mode);
      await terminal.shows('thread 1   running');
      terminal.type('\u0003');
      expect(await terminal.finish()).toMatchObject({ status });
      await expectRestored(terminal);
    });

    test('it does not keep the program alive', async () => {
      const terminal = startInTerminal('unclosed');
      expect(await terminal.finish()).toMatchObject({ status: 0 });
      expect(await textOf(terminal)).toContain('0 waiting, 0 running, 0 done');
    });

    test('colours, unless NO_COLOR is set', async () => {
      const colored = startInTerminal('hold', { FORCE_COLOR: '1' });
      await colored.shows('thread 1   running');
      colored.type('\u0003');
      const { output } = await colored.finish();
      expect(output).toContain('\u001B[32mthread 1');
      const plain = startInTerminal('hold', {
        FORCE_COLOR: undefined,
        NO_COLOR: '1',
      });
      await plain.shows('thread 1   running');
      plain.type('\u0003');
      const other = await plain.finish();
      const sequences = other.output.split('\u001B[').slice(1);
      expect(sequences.filter((text) => /^[\d;]*m/.test(text))).toEqual([]);
    });

    test('a dumb terminal gets one line', async () => {
      const terminal = startInTerminal('unclosed', { TERM: 'dumb' });
      const { output } = await terminal.finish();
      expect(output).toBe(
        'test: there is no live view, since the output for it is not a terminal\r\n',
      );
    });
  },
);

test('nothing but a line in a pipe', () => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [fileURLToPath(new URL('fixtures/live.mjs', import.meta.url)), 'unclosed'],
    { encoding: 'utf8' },
  );
  expect({ stdout, stderr, status }).toEqual({
    stdout: '',
    stderr:
      'test: there is no live view, since the output for it is not a terminal\n',
    status: 0,
  });
});

test('after close() it neither listens nor writes', () => {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), {
    isTTY: true,
  });
  const view = new LiveView({ title: 'test', stream });
  view.close();
  expect(stream.read()).toMatch(
    /^test {2}.*\n0 waiting, 0 running, 0 done\nwaited –; ran –\n$/,
  );
  view.close();
  view[Symbol.dispose]();
  expect(stream.read()).toBeNull();
  // Listeners and timers that are left are found after each test.
});
