import type { Stats } from 'node:fs';
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

/** The bytes of a file that are to follow the headers of a response, which are set. */
export interface FileBody {
  readonly file: string;
  /** Where the first of the bytes is. */
  readonly start: number;
  readonly length: number;
}

/**
 * Answers with the file of `root` that `path` names: Range, ETag, Last-Modified and
 * conditional requests are `send`'s. Whatever is not a file below `root` is not found.
 *
 * @param sendBody sends the bytes, if any are to be sent, in place of `send`
 */
export async function answerFile(
  request: IncomingMessage,
  response: ServerResponse,
  root: string,
  path: string,
  sendBody?: (body: FileBody) => void,
): Promise<void> {
  if (await isOtherThanFileInside(root, path)) {
    answerStatus(response, 404);
    return;
  }
  const stream = send(request, path, {
    root,
    dotfiles: 'ignore',
    index: false,
  });
  stream.on(
    'headers',
    (_: ServerResponse, __: string, { size, mtimeMs }: Stats) => {
      // That of `send` is weak, with which no download can be continued.
      const time = Math.trunc(mtimeMs * 1000);
      response.setHeader('ETag', `"${size.toString(16)}-${time.toString(16)}"`);
    },
  );
  stream.on('error', (error: SendError) => {
    if (response.headersSent) response.destroy();
    else answerStatus(response, error.status, error.headers);
  });
  if (sendBody) {
    // What `send` calls once it has decided all the rest.
    stream.stream = (file, { start }: { start: number }) => {
      const length = Number(response.getHeader('Content-Length'));
      sendBody({ file, start, length });
    };
  }
  stream.pipe(response);
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
