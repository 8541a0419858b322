import type { ProgressBarOptions } from '@concurrent-executors/progress';

/** Shows how many numbers are done, and keeps the lines of the results whole. */
export interface Bar extends Disposable {
  update(): void;
  /** Writes a line to standard output. */
  print(line: string): void;
  /** Writes a line to standard error. */
  notify(line: string): void;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** For a run that shows no bar. */
export const noBar: Bar = {
  print,
  notify: console.error,
  update: () => undefined,
  [Symbol.dispose]: () => undefined,
};

export async function openBar(
  options: Pick<ProgressBarOptions, 'description' | 'total'>,
): Promise<Bar> {
  // Takes 40 ms to load, which a run without a bar does not need.
  const { ProgressBar } = await import('@concurrent-executors/progress');
  const bar = new ProgressBar({ ...options, unit: 'number' });
  return {
    update() {
      bar.update();
    },
    print(line) {
      // Each line above the bar draws it anew; a file needs none of that.
      if (process.stdout.isTTY) bar.write(line, process.stdout);
      else print(line);
    },
    notify(line) {
      bar.write(line, process.stderr);
    },
    [Symbol.dispose]() {
      bar.close();
    },
  };
}
