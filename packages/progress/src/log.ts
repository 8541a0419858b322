import type { Display, DisplayedBar, ProgressStream } from './display.ts';

/** Seconds before the first line. */
const FIRST_LINE_AFTER = 5;

/**
 * The display of one bar where nothing can be redrawn: a file, a pipe, a CI log. It writes
 * plain lines: after 5 s, then each time the elapsed time has doubled (10 s, 20 s, 40 s …),
 * and one at the end. That is ten lines in the first hour, and it needs no total.
 *
 * A bar that would not stay on a terminal writes nothing.
 */
export class LogDisplay implements Display {
  readonly #stream: ProgressStream;
  #nextLineAt = FIRST_LINE_AFTER;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  open(): void {
    // The first line comes later: a short run writes only its last.
  }

  refresh(bar: DisplayedBar): void {
    const elapsed = bar.elapsed();
    if (elapsed < this.#nextLineAt) return;
    while (this.#nextLineAt <= elapsed) this.#nextLineAt *= 2;
    this.close(bar);
  }

  close(bar: DisplayedBar): void {
    if (bar.leave) this.write(bar.line(), this.#stream);
  }

  write(text: string, stream: NodeJS.WritableStream): void {
    stream.write(`${text}\n`);
  }
}
