import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '../json.ts';
import type { Validators } from './exchange.ts';

/** What came of a large file before the connection or the run ended. */
export interface PartialFile {
  readonly path: string;
  readonly bytes: number;
  /** Value for `If-Range`: the rest is wanted only of this version. */
  readonly version: string;
}

/**
 * Where the beginning of a file is kept until it can be continued. Named after
 * the URL and the file, so that a later run finds it.
 */
export function partialPath(folder: string, url: string, path: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([url, path]))
    .digest('hex');
  return join(folder, `${digest.slice(0, 32)}.part`);
}

/** The beginning of a file, if there is one that can be continued. */
export function findPartial(path: string): PartialFile | undefined {
  try {
    const { size } = statSync(path);
    const { version } = parseJson(readFileSync(recordOf(path))) ?? {};
    return size > 0 && typeof version === 'string'
      ? { path, bytes: size, version }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Notes which version the file at `path` is the beginning of. Done before its first byte. */
export function recordPartial(path: string, version: string): void {
  writeFileSync(recordOf(path), JSON.stringify({ version }));
}

export function removePartial(path: string): void {
  rmSync(path, { force: true });
  rmSync(recordOf(path), { force: true });
}

/**
 * What tells the version that came from any other, byte by byte: a strong ETag, or a
 * date where there is no ETag, if the file could not have changed twice in the second
 * that it names (RFC 9110, 8.8.2.2 and 13.1.5).
 *
 * @param date value of the header `Date` of the answer
 */
export function versionOf(
  { etag, lastModified }: Validators,
  date: string | undefined,
): string | undefined {
  if (etag !== undefined) return etag.startsWith('"') ? etag : undefined;
  if (lastModified === undefined || date === undefined) return undefined;
  return Date.parse(lastModified) + 1000 <= Date.parse(date)
    ? lastModified
    : undefined;
}

function recordOf(path: string): string {
  return `${path}.json`;
}
