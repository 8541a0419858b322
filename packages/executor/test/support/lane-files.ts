import { closeSync, openSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LaneFiles } from '../../src/wire/lane-file.ts';

/** Files without names, for both sides of a lane in one process. */
export function openLaneFiles(): LaneFiles & Disposable {
  const opened: number[] = [];
  const open = (): number => {
    const path = join(tmpdir(), `lane-test-${String(process.pid)}`);
    const file = openSync(path, 'wx+');
    unlinkSync(path);
    opened.push(file);
    return file;
  };
  return {
    common: open(),
    runs: [open(), open()],
    answers: [open(), open()],
    [Symbol.dispose]() {
      for (const file of opened) closeSync(file);
    },
  };
}
