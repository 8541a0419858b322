import { Writable } from 'node:stream';
import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();
const TOKEN = /\p{Control}(?:\[(\d*)([A-Z]))?|\P{Control}+/gu;

/**
 * What a person sees on a terminal. It knows only the sequences that a bar needs: any other,
 * such as hiding the cursor, is an error, and so is a line that would wrap.
 */
export class Screen {
  readonly #columns: number;
  readonly #rows: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    this.#columns = columns;
  }

  /** The rows down to the last one that is not blank. */
  get text(): string {
    return this.#rows
      .map((cells) => Array.from(cells, (cell) => cell || ' ').join(''))
      .map((row) => row.trimEnd())
      .join('\n')
      .trimEnd();
  }

  /** The row of the cursor, from 0. */
  get cursorRow(): number {
    return this.#row;
  }

  feed(output: string): void {
    for (const [token, argument, final] of output.matchAll(TOKEN)) {
      if (token === '\r') this.#column = 0;
      else if (token === '\n') this.#newLine();
      else if (final) this.#control(final, argument ?? '');
      else if (/\p{Control}/u.test(token))
        throw new Error(`unknown control in ${JSON.stringify(output)}`);
      else this.#print(token);
    }
  }

  get #cells(): string[] {
    return (this.#rows[this.#row] ??= []);
  }

  #newLine(): void {
    this.#row += 1;
    this.#column = 0;
    this.#rows[this.#row] ??= [];
  }

  #control(final: string, argument: string): void {
    if (final === 'A')
      this.#row = Math.max(0, this.#row - Number(argument || 1));
    else if (final === 'G') this.#column = Number(argument || 1) - 1;
    else if (final === 'K' && Number(argument) === 0) {
      this.#cells.length = Math.min(this.#cells.length, this.#column);
    } else if (final === 'J' && Number(argument) === 0) {
      this.#cells.length = Math.min(this.#cells.length, this.#column);
      this.#rows.length = this.#row + 1;
    } else throw new Error(`unknown: CSI ${argument}${final}`);
  }

  #print(text: string): void {
    for (const { segment } of graphemes.segment(text)) {
      this.#cells[this.#column] = segment;
      this.#column += Math.max(1, stringWidth(segment));
      if (this.#column > this.#columns)
        throw new Error(`wraps: ${JSON.stringify(text)}`);
    }
  }
}

/** A stream that claims to be a terminal. */
export class TerminalStream extends Writable {
  readonly isTTY = true;
  readonly screen: Screen;
  readonly rows: number;
  columns: number;

  constructor(columns: number, rows = 24) {
    super({ decodeStrings: false });
    this.rows = rows;
    this.columns = columns;
    this.screen = new Screen(columns);
  }

  override _write(
    chunk: string,
    _encoding: BufferEncoding,
    done: () => void,
  ): void {
    this.screen.feed(chunk);
    done();
  }
}

/** A stream that is not a terminal. */
export class TextStream extends Writable {
  text = '';

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: () => void,
  ): void {
    this.text += chunk.toString();
    done();
  }
}
