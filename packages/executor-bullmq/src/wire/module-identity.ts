import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TaskInvalidError } from '@concurrent-executors/executor';
import { messageOf } from '@concurrent-executors/executor/backend';

/** A module of tasks, under a name that does not depend on where it is installed. */
export interface ModuleIdentity {
  /** Its package and its path in it, as `some-package/dist/tasks.js`. */
  readonly id: string;
  /** That of its package. */
  readonly version: string;
  /** Of the text of its file; empty for a module of Node.js. */
  readonly hash: string;
}

interface Manifest {
  readonly name?: unknown;
  readonly version?: unknown;
}

const HASH_LENGTH = 32;

const known = new Map<string, ModuleIdentity>();

/**
 * The identity of the module with this URL. A module is hashed once: who changes it
 * restarts the program, as its modules stay loaded, too.
 *
 * The hash is of this file alone. Of what it imports the version of the package tells.
 *
 * @throws TaskInvalidError if the module is no file, or cannot be read
 */
export function identifyModule(url: string): ModuleIdentity {
  let identity = known.get(url);
  if (identity === undefined) {
    identity = identify(url);
    known.set(url, identity);
  }
  return identity;
}

function identify(url: string): ModuleIdentity {
  if (url.startsWith('node:')) return { id: url, version: 'builtin', hash: '' };
  if (!url.startsWith('file:')) {
    throw new TaskInvalidError(
      `a worker on another machine cannot find the module ${url.slice(0, 40)}: expected one in a file; move the task to a module that the workers are started with`,
    );
  }
  const path = fileURLToPath(url);
  let text: Buffer;
  try {
    text = readFileSync(path);
  } catch (cause) {
    throw new TaskInvalidError(
      `the module ${path} of a task cannot be read: ${messageOf(cause)}`,
      { cause },
    );
  }
  const hash = createHash('sha256').update(text).digest('hex');
  return { ...inPackage(path), hash: hash.slice(0, HASH_LENGTH) };
}

function readManifest(file: string): Manifest {
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof manifest === 'object' && manifest !== null) return manifest;
  } catch (cause) {
    throw new TaskInvalidError(
      `${file}, by which workers know the modules beside it, cannot be read: ${messageOf(cause)}`,
      { cause },
    );
  }
  throw new TaskInvalidError(
    `${file}, by which workers know the modules beside it, must be a JSON object with a name and a version`,
  );
}

function inPackage(path: string): Omit<ModuleIdentity, 'hash'> {
  let folder = dirname(path);
  for (;;) {
    const file = join(folder, 'package.json');
    if (existsSync(file)) {
      const { name, version } = readManifest(file);
      // One without a name only tells how modules are to be read.
      if (typeof name === 'string') {
        return {
          id: `${name}/${relative(folder, path).split(sep).join('/')}`,
          version: typeof version === 'string' ? version : '0.0.0',
        };
      }
    }
    const parent = dirname(folder);
    if (parent === folder) break;
    folder = parent;
  }
  throw new TaskInvalidError(
    `the module ${path} is in no package: add a package.json with a name and a version, by which the workers know it`,
  );
}
