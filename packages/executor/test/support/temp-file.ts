import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that tasks of any backend write lines to. It does not exist at first. */
export interface TempFile extends Disposable {
  readonly path: string;
  lines(): string[];
}

interface TempFolder extends Disposable {
  readonly path: string;
}

export function makeTempFolder(): TempFolder {
  const path = mkdtempSync(join(tmpdir(), 'executor-'));
  return {
    path,
    [Symbol.dispose]() {
      rmSync(path, { recursive: true });
    },
  };
}

export function makeTempFile(): TempFile {
  const folder = makeTempFolder();
  const path = join(folder.path, 'lines');
  return {
    path,
    lines() {
      const text = readFileSync(path, 'utf8');
      return text.split('\n').filter((line) => line !== '');
    },
    [Symbol.dispose]() {
      folder[Symbol.dispose]();
    },
  };
}
