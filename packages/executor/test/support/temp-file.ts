import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that tasks of any backend write lines to. It does not exist at first. */
export interface TempFile extends Disposable {
  readonly path: string;
  lines(): string[];
}

export function makeTempFile(): TempFile {
  const folder = mkdtempSync(join(tmpdir(), 'executor-'));
  const path = join(folder, 'lines');
  return {
    path,
    lines() {
      const text = readFileSync(path, 'utf8');
      return text.split('\n').filter((line) => line !== '');
    },
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true });
    },
  };
}
