import {
  closeSync,
  openSync,
  readSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { KnownFile, Outcome } from '../download/outcome.ts';
import { FileWriteError } from '../errors.ts';
import { parseJson } from '../json.ts';
import { hashOf, HashTable } from '../list/hash-table.ts';

/** Lines are written when there are so many characters of them. */
const MAX_HELD = 64 * 1024;

const READ_SIZE = 256 * 1024;

/** Lines that newer ones have replaced go when there are so many, and twice those that count. */
const MAX_REPLACED = 1000;

/** How each line begins; so its URL is found without parsing all of it. */
const BEGINNING = '{"url":';

/**
 * What each URL of a folder came to, one JSON object a line, the newest last. Lines
 * are only added, so whatever ends a run, all but the last are whole. In memory
 * there are two numbers for each URL: its hash, and where its last line begins.
 */
export class Manifest {
  readonly #path: string;
  #file = -1;
  /** Where the last line of each URL begins, for what was there at the start. */
  readonly #lines = new HashTable();
  #held = '';
  #isClosed = false;

  /** @throws {FileWriteError} if it cannot be read or written */
  constructor(path: string) {
    this.#path = path;
    this.#attempt(() => {
      this.#file = openSync(path, 'a+');
      const replaced = this.#read() - this.#lines.size;
      if (replaced > MAX_REPLACED + 2 * this.#lines.size) this.#compact();
    });
  }

  /** What is known of the file that came from this URL. */
  find(url: string): KnownFile | undefined {
    const position = this.#lines.get(hashOf(JSON.stringify(url)));
    if (position === undefined) return undefined;
    const known = knownOf(this.#lineAt(position));
    return known?.url === url ? known : undefined;
  }

  /** @throws {FileWriteError} if the disk is full, … */
  add(outcome: Outcome): void {
    // There is a line already.
    if (outcome.status === 'PRESENT' || outcome.status === 'UNCHANGED') return;
    const { url, ...rest } = outcome;
    // The URL comes first, as reading expects; a line of a list may have none.
    const line = { url, ...rest, at: new Date().toISOString() };
    this.#held += `${JSON.stringify(line)}\n`;
    if (this.#held.length >= MAX_HELD) this.#flush();
  }

  /**
   * Further calls do nothing.
   *
   * @throws {FileWriteError} if the disk is full, …
   */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      this.#flush();
    } finally {
      closeSync(this.#file);
    }
  }

  #flush(): void {
    const held = this.#held;
    this.#held = '';
    this.#attempt(() => {
      // Given a descriptor, this writes all of it, at the end.
      writeFileSync(this.#file, held);
    });
  }

  /** Notes where the lines are; returns their number. */
  #read(): number {
    let lines = 0;
    let position = 0;
    let rest = Buffer.alloc(0);
    for (;;) {
      const piece = Buffer.allocUnsafe(READ_SIZE);
      const length = readSync(this.#file, piece, 0, READ_SIZE, null);
      if (length === 0) break;
      const bytes = Buffer.concat([rest, piece.subarray(0, length)]);
      let start = 0;
      for (
        let end = bytes.indexOf(10);
        end >= 0;
        end = bytes.indexOf(10, start)
      ) {
        this.#note(bytes.subarray(start, end), position + start);
        lines += 1;
        start = end + 1;
      }
      rest = bytes.subarray(start);
      position += start;
    }
    // A run was killed while it wrote this line.
    if (rest.length > 0) writeSync(this.#file, '\n');
    return lines;
  }

  #note(line: Buffer, position: number): void {
    const start = BEGINNING.length;
    const quote = 0x22;
    if (line[start] !== quote) return;
    // A URL holds no quotes, escaped or not.
    const end = line.indexOf(quote, start + 1);
    if (end < 0) return;
    this.#lines.set(hashOf(line.toString('latin1', start, end + 1)), position);
  }

  #lineAt(position: number): Buffer {
    let line = Buffer.alloc(0);
    for (;;) {
      const piece = Buffer.allocUnsafe(1024);
      const length = readSync(
        this.#file,
        piece,
        0,
        piece.length,
        position + line.length,
      );
      const end = piece.subarray(0, length).indexOf(10);
      line = Buffer.concat([line, piece.subarray(0, end < 0 ? length : end)]);
      if (end >= 0 || length === 0) return line;
    }
  }

  /** Keeps the last line of each URL. */
  #compact(): void {
    const positions = [...this.#lines.values()].sort((a, b) => a - b);
    this.#lines.clear();
    const replacement = `${this.#path}.${String(process.pid)}`;
    writeFileSync(replacement, '');
    const file = openSync(replacement, 'a+');
    let end = 0;
    for (const position of positions) {
      const line = Buffer.concat([this.#lineAt(position), Buffer.from('\n')]);
      this.#note(line, end);
      end += writeSync(file, line);
    }
    closeSync(this.#file);
    this.#file = file;
    renameSync(replacement, this.#path);
  }

  #attempt(action: () => void): void {
    try {
      action();
    } catch (error) {
      throw new FileWriteError(this.#path, error);
    }
  }
}

function knownOf(line: Buffer): KnownFile | undefined {
  const { url, file, bytes, etag, lastModified } = parseJson(line) ?? {};
  if (
    typeof url !== 'string' ||
    typeof file !== 'string' ||
    typeof bytes !== 'number'
  ) {
    return undefined;
  }
  return {
    url,
    file,
    bytes,
    ...(typeof etag === 'string' && { etag }),
    ...(typeof lastModified === 'string' && { lastModified }),
  };
}
