import { describe, expect, test } from 'vitest';
import { hasPty, PTY_COLUMNS, runInPty } from './processes.ts';
import { Screen } from './screen.ts';

// Feeding also proves that no other escape sequence was written: the cursor is never hidden
// and wrapping never switched off, so there is nothing that a killed program could leave.
function shown(output: string): Screen {
  const screen = new Screen(PTY_COLUMNS);
  screen.feed(output);
  return screen;
}

describe.skipIf(!hasPty)(
  'in a pseudo-terminal (needs `script` of util-linux)',
  { timeout: 30_000 },
  () => {
    test('a bar fills the width and its last line stays', async () => {
      const { output, status } = await runInPty('finish').finish();
      expect(output).toMatch(
        /words: {3}0%\| {23}\| 0\/3 \[00:00<\?, \?it\/s\]/,
      );
      const rows = shown(output).text.split('\n');
      expect(rows).toHaveLength(2);
      expect(rows[0]).toMatch(/^words: 100%\|█+\| 3\/3 \[00:00<00:00, .*\]$/);
      expect(rows[0]).toHaveLength(PTY_COLUMNS - 3);
      expect(rows[1]).toBe('uma duas três');
      expect(status).toBe(0);
    });

    test('lines are written above nested bars, and the inner bar vanishes', async () => {
      const { output } = await runInPty('write').finish();
      expect(output).toContain('inner:');
      const rows = shown(output).text.split('\n');
      expect(rows.slice(0, -1)).toEqual([
        'item 1',
        'of two',
        'item 2',
        'of two',
        'a result',
      ]);
      expect(rows.at(-1)).toMatch(/^outer: 100%\|█+\| 3\/3 /);
    });

    test('a bar that is never closed lets the process end, below its line', async () => {
      const { output, status } = await runInPty('unclosed').finish();
      const screen = shown(output);
      expect(screen.text).toMatch(/^unclosed: {2}50%\|.*\| 1\/2 .*\]$/);
      expect(screen.cursorRow).toBe(1);
      expect(status).toBe(0);
    });

    test('process.exit keeps its status and leaves the cursor below the line', async () => {
      const { output, status } = await runInPty('exit').finish();
      const screen = shown(output);
      expect(screen.text).toMatch(/^left open: {2}50%\|.*\| 1\/2 .*\]$/);
      expect(screen.cursorRow).toBe(1);
      expect(status).toBe(3);
    });

    test('the first Ctrl-C ends the program', async () => {
      const run = runInPty('wait');
      await run.waitFor('waiting:');
      run.type('\u0003');
      const { output, status } = await run.finish();
      shown(output);
      expect(status).toBe(128 + 2);
    });

    test('the first Ctrl-C reaches the handler of the program', async () => {
      const run = runInPty('cleanup');
      await run.waitFor('waiting:');
      run.type('\u0003');
      const { output, status } = await run.finish();
      expect(shown(output).text).toMatch(/waiting: {2}50%\|.*\| 1\/2 .*\]$/);
      expect(status).toBe(7);
    });

    test('a dumb terminal gets plain lines', async () => {
      const { output } = await runInPty('finish', { TERM: 'dumb' }).finish();
      expect(output).not.toContain('\u001B');
      expect(output).toMatch(/^words: 100% 3\/3 .*\]$/m);
    });
  },
);
