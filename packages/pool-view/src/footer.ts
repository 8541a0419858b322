import { sizeOf, type ProgressStream } from '@concurrent-executors/progress';

/*
 * Control sequences of DEC terminals, which xterm and all that follow it know:
 * https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */
const SAVE_CURSOR = '\u001B7';
const RESTORE_CURSOR = '\u001B8';
/** IND: one row down in the same column; at the bottom of the region it scrolls. */
const DOWN = '\u001BD';
const CLEAR_TO_END_OF_LINE = '\u001B[K';
const CLEAR_TO_END_OF_SCREEN = '\u001B[J';
const WHOLE_SCREEN_SCROLLS = '\u001B[r';
const up = (rows: number) => `\u001B[${String(rows)}A`;
const startOf = (row: number) => `\u001B[${String(row)};1H`;
const onlyScrolls = (rows: number) => `\u001B[1;${String(rows)}r`;

/**
 * Lines that stay at the bottom of a terminal. What anybody else writes, also a worker
 * process, scrolls above them: they lie outside of the terminal's scroll region.
 *
 * Lines that are redrawn where the cursor is, as those of a progress bar are, would
 * not do: the next redraw would wipe out what others have written meanwhile.
 *
 * Each drawing is one write, since other processes write to the same terminal.
 */
export class Footer {
  readonly #stream: ProgressStream;
  /** Of the lines at the bottom; it only grows. */
  #height = 0;
  #rows: number;
  #columns: number;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
    ({ rows: this.#rows, columns: this.#columns } = sizeOf(stream));
  }

  /** How many columns a line may take. The last one stays free: there a line would wrap. */
  get columns(): number {
    return sizeOf(this.#stream).columns - 1;
  }

  /** How many lines there may be: a third of the terminal, or four rows, stay for others. */
  get maxHeight(): number {
    const { rows } = sizeOf(this.#stream);
    return Math.max(1, rows - Math.max(4, Math.floor(rows / 3)));
  }

  /** Shows these lines, at most `maxHeight` of at most `columns` columns, in the place of those before. */
  draw(lines: readonly string[]): void {
    let output = this.#fitted();
    const growth = lines.length - this.#height;
    if (growth > 0) {
      this.#height = lines.length;
      // The region loses rows at its bottom. The cursor's row must not be one of them.
      output += DOWN.repeat(growth) + up(growth);
      output += inPlace(onlyScrolls(this.#rows - this.#height));
    }
    const first = this.#rows - this.#height + 1;
    let drawn = '';
    for (let index = 0; index < this.#height; index += 1) {
      drawn += startOf(first + index);
      drawn += (lines[index] ?? '') + CLEAR_TO_END_OF_LINE;
    }
    this.#stream.write(output + inPlace(drawn));
  }

  /** Gives the terminal back as it was; the cursor stays where it is. */
  remove(): void {
    if (this.#height === 0) return;
    const first = this.#rows - this.#height + 1;
    this.#height = 0;
    this.#stream.write(
      inPlace(startOf(first) + CLEAR_TO_END_OF_SCREEN + WHOLE_SCREEN_SCROLLS),
    );
  }

  /** Terminals differ in where the lines are after a change of size: all begins anew. */
  #fitted(): string {
    const { rows, columns } = sizeOf(this.#stream);
    if (rows === this.#rows && columns === this.#columns) return '';
    this.#rows = rows;
    this.#columns = columns;
    if (this.#height === 0) return '';
    this.#height = 0;
    return inPlace(WHOLE_SCREEN_SCROLLS) + CLEAR_TO_END_OF_SCREEN;
  }
}

function inPlace(output: string): string {
  return SAVE_CURSOR + output + RESTORE_CURSOR;
}
