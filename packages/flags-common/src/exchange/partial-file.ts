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
    const version = versionOf(parseJson(readFileSync(recordOf(path))) ?? {});
    return size > 0 && version !== undefined
      ? { path, bytes: size, version }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Notes which version the file at `path` is the beginning of. Done before its first byte. */
export function recordPartial(path: string, validators: Validators): void {
  writeFileSync(recordOf(path), JSON.stringify(validators));
}

export function removePartial(path: string): void {
  rmSync(path, { force: true });
  rmSync(recordOf(path), { force: true });
}

/**
 * What tells one version of a file from another byte by byte: a weak ETag does
 * not (RFC 9110, 13.1.5).
 */
export function versionOf(
  validators: Partial<Record<keyof Validators, unknown>>,
): string | undefined {
  const { etag, lastModified } = validators;
  if (typeof etag === 'string') return etag.startsWith('"') ? etag : undefined;
  return typeof lastModified === 'string' ? lastModified : undefined;
}

function recordOf(path: string): string {
  return `${path}.json`;
}
