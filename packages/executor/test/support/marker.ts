import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file that does not exist until it is made: what a blocked thread can wait for. */
export interface Marker extends AsyncDisposable {
  readonly path: string;
  make(): Promise<void>;
}

export function makeMarker(): Marker {
  const path = join(tmpdir(), `marker-${randomUUID()}`);
  return {
    path,
    make: () => writeFile(path, ''),
    [Symbol.asyncDispose]: () => rm(path, { force: true }),
  };
}
