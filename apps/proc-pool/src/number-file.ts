import { open } from 'node:fs/promises';
import type { Method } from './check.ts';
import { InputError } from './errors.ts';
import { parseNumber } from './number-text.ts';

/** Characters. A file with longer lines is no list; it bounds what is held of an endless one. */
const MAX_LINE = 100_000;

/** @param file `-` is standard input */
export function nameOf(file: string): string {
  return file === '-' ? 'standard input' : file;
}

/**
 * The numbers of a file, one a line, read as they are needed. Blank lines and those that
 * begin with `#` do not count.
 *
 * The iterator throws an {@link InputError} when the file cannot be read on, and at a line
 * that is no integer or one that the method does not take.
 *
 * @param file `-` is standard input
 * @throws {InputError} when it cannot be opened
 */
export async function openNumberFile(
  file: string,
  method: Method,
): Promise<AsyncIterable<bigint>> {
  try {
    const input =
      file === '-' ? process.stdin : (await open(file)).createReadStream();
    return numbersIn(linesOf(input, nameOf(file)), nameOf(file), method);
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function* numbersIn(
  lines: AsyncIterable<string>,
  name: string,
  method: Method,
): AsyncGenerator<bigint, void, undefined> {
  let lineNumber = 0;
  for await (const line of lines) {
    lineNumber += 1;
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    try {
      yield parseNumber(text, method);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      throw new InputError(`${name}:${String(lineNumber)}: ${error.message}`);
    }
  }
}

async function* linesOf(
  input: NodeJS.ReadableStream,
  name: string,
): AsyncGenerator<string, void, undefined> {
  let rest = '';
  try {
    for await (const piece of input.setEncoding('utf8')) {
      const lines = (rest + String(piece)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
      if (rest.length > MAX_LINE)
        throw new Error(`a line has more than ${String(MAX_LINE)} characters`);
    }
  } catch (error) {
    throw unreadable(name, error);
  }
  if (rest !== '') yield rest;
}

function unreadable(name: string, cause: unknown): InputError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new InputError(`cannot read ${name}: ${reason}`, { cause });
}
