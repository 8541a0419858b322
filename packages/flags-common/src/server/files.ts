import { realpath, stat } from 'node:fs/promises';
import type {
  IncomingMessage,
  OutgoingHttpHeaders,
  ServerResponse,
} from 'node:http';
import { join, sep } from 'node:path';
import send from 'send';
import { FlagServerDirectoryError } from './errors.ts';
import { answerStatus } from './answer.ts';

/**
 * The folder `flags` of `directory`, with all symbolic links resolved.
 *
 * @throws {FlagServerDirectoryError} when there is no such folder
 */
export async function flagsFolder(directory: string): Promise<string> {
  const folder = join(directory, 'flags');
  try {
    const root = await realpath(folder);
    if ((await stat(root)).isDirectory()) return root;
  } catch {
    // Reported below, like a file of that name.
  }
  throw new FlagServerDirectoryError(
    `cannot serve ${directory}: it needs a folder named "flags" that can be read`,
  );
}

/**
 * Answers with the file of `root` that `path` names: Range, ETag, Last-Modified and
 * conditional requests are `send`'s. Whatever is not a file below `root` is not found.
 */
export async function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  root: string,
  path: string,
): Promise<void> {
  if (await isOtherThanFileInside(root, path)) {
    answerStatus(response, 404);
    return;
  }
  send(request, path, { root, dotfiles: 'ignore', index: false })
    .on('error', (error: SendError) => {
      if (response.headersSent) response.destroy();
      else answerStatus(response, error.status, error.headers);
    })
    .pipe(response);
}

/** What `send` emits (it makes it with http-errors). */
interface SendError extends Error {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
}

/**
 * `send` keeps `..` and dotfiles out, but follows symbolic links, and would wait on a named
 * pipe for ever. Paths that do not exist or cannot be decoded are left to `send`.
 */
async function isOtherThanFileInside(
  root: string,
  path: string,
): Promise<boolean> {
  try {
    const file = await realpath(join(root, decodeURIComponent(path)));
    return !file.startsWith(root + sep) || !(await stat(file)).isFile();
  } catch {
    return false;
  }
}
