import { createReadStream, statSync } from 'node:fs';
import { addAbortSignal } from 'node:stream';
import { InputError } from '../errors.ts';
import { decoded, fileNameOf, safeFileName, withSuffix } from './file-name.ts';
import { hashOf, HashTable } from './hash-table.ts';
import type { ListEntry } from './item.ts';

/** A file with longer ones is no list. */
const MAX_LINE = 1_000_000;

const CHECKSUM = /\s+((?:md5|sha1|sha256|sha384|sha512):\S*)$/i;

/** Length of a hexadecimal digest by algorithm. */
const DIGEST_LENGTHS: Readonly<Record<string, number>> = {
  md5: 32,
  sha1: 40,
  sha256: 64,
  sha384: 96,
  sha512: 128,
};

/**
 * The entries of a list of URLs, read as they are needed. One a line:
 *
 *     URL [NAME] [ALGORITHM:DIGEST]
 *
 * NAME may have spaces, and folders divided by `/`; without one the file is named
 * after the last part of the URL. Empty lines and those that begin with `#` do not
 * count. A URL that is there twice is downloaded once; a file name that another URL
 * has already gets a suffix made of the URL.
 *
 * @param file `-` is standard input
 * @param limit of entries
 * @param signal ends the reading, which may else wait for standard input
 * @throws {InputError} when it cannot be read
 */
export async function* readUrlList(
  file: string,
  limit: number,
  signal: AbortSignal,
): AsyncGenerator<ListEntry, void, undefined> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  input.setEncoding('utf8');
  addAbortSignal(signal, input);
  const lines = new Lines();
  let left = limit;
  // One generator, not one of lines inside of it: each costs several promises an item.
  try {
    for await (const chunk of input) {
      for (const line of lines.add(String(chunk))) {
        const entry = lines.parse(line);
        if (entry === undefined) continue;
        yield entry;
        left -= 1;
        if (left === 0) return;
      }
    }
    const entry = lines.parse(lines.rest);
    if (entry !== undefined) yield entry;
  } catch (error) {
    if (signal.aborted) throw error;
    throw new InputError(file, error);
  } finally {
    input.destroy();
  }
}

/** Makes lines of a text that comes in pieces, and entries of lines. */
class Lines {
  readonly #names = new Names();
  #number = 0;
  /** The line that is not complete yet. */
  rest = '';

  /** The lines that this piece completes. */
  add(piece: string): readonly string[] {
    const lines = (this.rest + piece).split('\n');
    this.rest = lines.pop() ?? '';
    if (this.rest.length > MAX_LINE) {
      throw new Error(
        `line ${String(this.#number + lines.length + 1)} has more than ${String(MAX_LINE)} characters`,
      );
    }
    return lines;
  }

  parse(line: string): ListEntry | undefined {
    this.#number += 1;
    const text = line.trim();
    return text === '' || text.startsWith('#')
      ? undefined
      : parseLine(text, this.#number, this.#names);
  }
}

/**
 * How many entries a list has at most; undefined if it cannot be read twice.
 *
 * @throws {InputError} when it cannot be read
 */
export async function countUrls(file: string): Promise<number | undefined> {
  try {
    if (file === '-' || !statSync(file).isFile()) return undefined;
    let lines = 0;
    let last = '\n'.charCodeAt(0);
    for await (const chunk of createReadStream(file, {
      highWaterMark: 1024 * 1024,
    })) {
      const bytes = chunk as Buffer; // no encoding is set
      for (
        let at = bytes.indexOf(10);
        at >= 0;
        at = bytes.indexOf(10, at + 1)
      ) {
        lines += 1;
      }
      last = bytes.at(-1) ?? last;
    }
    return last === 10 ? lines : lines + 1;
  } catch (error) {
    throw new InputError(file, error);
  }
}

function parseLine(
  text: string,
  number: number,
  names: Names,
): ListEntry | undefined {
  const [suffix = '', checksum] = CHECKSUM.exec(text) ?? [];
  const rest = text.slice(0, text.length - suffix.length);
  const end = rest.search(/\s/);
  const address = end < 0 ? rest : rest.slice(0, end);
  const given = rest.slice(address.length).trim();
  const shown = JSON.stringify(address.replace(/\/\/[^/]*@/, '//'));
  const bad = (problem: string): ListEntry => ({
    label: `line ${String(number)}`,
    problem,
  });
  if (!URL.canParse(address)) {
    return bad(`expected a URL such as https://example.com/file, got ${shown}`);
  }
  const url = new URL(address);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return bad(`expected an http: or https: URL, got ${shown}`);
  }
  url.hash = '';
  const { username, password } = url;
  const credentials =
    username === '' && password === ''
      ? undefined
      : decoded(`${username}:${password}`);
  // It is shown and recorded.
  url.username = '';
  url.password = '';
  const lowered = checksum?.toLowerCase();
  if (lowered !== undefined && !isDigest(lowered)) {
    return bad(
      `expected a checksum such as sha256: and 64 hexadecimal digits, got ${JSON.stringify(checksum)}`,
    );
  }
  let fileName = given === '' ? fileNameOf(url) : safePath(given);
  if (fileName === undefined) {
    return bad(
      `expected a file name inside the folder, got ${JSON.stringify(given)}`,
    );
  }
  let taken = names.claim(fileName, url.href);
  if (taken === 'by another URL') {
    fileName = withSuffix(fileName, hashOf(url.href).toString(36));
    taken = names.claim(fileName, url.href);
  }
  if (taken !== undefined) {
    return checksum === undefined
      ? undefined
      : bad(
          `expected the checksum where this URL is listed first, got ${JSON.stringify(checksum)}`,
        );
  }
  return {
    label: fileName,
    url: url.href,
    credentials,
    fileName,
    checksum: lowered,
  };
}

function isDigest(checksum: string): boolean {
  const [algorithm = '', digest = ''] = checksum.split(':', 2);
  return (
    digest.length === DIGEST_LENGTHS[algorithm] && /^[0-9a-f]+$/.test(digest)
  );
}

/** A path below the folder; undefined for one that leaves it. */
function safePath(path: string): string | undefined {
  const parts = path.split('/');
  if (parts.some((part) => part === '' || part === '..')) return undefined;
  return parts
    .filter((part) => part !== '.')
    .map(safeFileName)
    .join('/');
}

/** Which URL has each file name. File systems may not tell upper from lower case. */
class Names {
  readonly #urls = new HashTable();

  /** Takes the name unless it is taken; then tells by whom. */
  claim(
    name: string,
    url: string,
  ): 'by this URL' | 'by another URL' | undefined {
    const key = hashOf(name.toLowerCase());
    const owner = this.#urls.get(key);
    const hash = hashOf(url);
    if (owner === undefined) {
      this.#urls.set(key, hash);
      return undefined;
    }
    return owner === hash ? 'by this URL' : 'by another URL';
  }
}
