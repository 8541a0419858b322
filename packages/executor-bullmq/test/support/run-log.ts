import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file in which the bodies of tasks write what they do: `start name`, `end name`. */
export interface RunLog extends Disposable {
  readonly path: string;
  lines(): string[];
  /** How often each task was started, by name. */
  starts(): Map<string, number>;
}

export function makeRunLog(): RunLog {
  const folder = mkdtempSync(join(tmpdir(), 'run-log-'));
  const path = join(folder, 'log');
  const lines = (): string[] =>
    existsSync(path)
      ? readFileSync(path, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : [];
  return {
    path,
    lines,
    starts() {
      const starts = new Map<string, number>();
      for (const line of lines()) {
        const [event, name = ''] = line.split(' ');
        if (event === 'start') starts.set(name, (starts.get(name) ?? 0) + 1);
      }
      return starts;
    },
    [Symbol.dispose]() {
      rmSync(folder, { recursive: true });
    },
  };
}
