import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { FlagServerListenError } from './errors.ts';
import { flagsFolder } from './files.ts';
import { resolveOptions, type FlagServerOptions } from './options.ts';
import { FLAGS_PATH, Requests } from './requests.ts';

/** A server that listens. */
export interface FlagServer extends AsyncDisposable {
  /** Base URL of the flags, without a slash at its end: `http://localhost:8001/flags`. */
  readonly url: string;
  readonly port: number;
  /** A server with the same options and this seed repeats the delays and errors of this one. */
  readonly seed: string;
  /**
   * Stops the server. It takes no more connections; requests that are being held back are
   * answered with status 503 at once; files that are being sent have five seconds to arrive,
   * then their connections are cut. `onRequest` is not called afterwards. Never rejects;
   * further calls wait for the first.
   */
  close(): Promise<void>;
}

/** How long `close` lets running answers go on, in milliseconds. */
const CLOSE_GRACE = 5000;

/**
 * Starts a server of flags that can be slow and can fail.
 *
 * @throws {FlagServerOptionError} when an option is out of its range
 * @throws {FlagServerDirectoryError} when the folder to serve cannot be read
 * @throws {FlagServerListenError} when the port cannot be had
 */
export async function startFlagServer(
  options: FlagServerOptions = {},
): Promise<FlagServer> {
  const settings = resolveOptions(options);
  const root = await flagsFolder(settings.directory);
  const requests = new Requests(settings, root);
  const server = createServer((request, response) => {
    requests.handle(request, response);
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      requests.disconnect(socket);
    });
  });
  const port = await listen(server, settings.host, settings.port);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closed ??= closeServer(server, requests, sockets));
  return {
    url: `http://${urlHost(settings.host)}:${String(port)}${FLAGS_PATH}`,
    port,
    seed: settings.seed,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Resolves with the port, which is a free one if `port` is 0. */
function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    // The listener stays: an error while a connection is accepted, for instance when there
    // are no more file descriptors, concerns that connection only and must not end the program.
    server.on('error', (error) => {
      reject(new FlagServerListenError(error, host, port));
    });
    server.listen({ host, port }, () => {
      const address = server.address();
      resolve(
        typeof address === 'object' && address !== null ? address.port : port,
      );
    });
  });
}

async function closeServer(
  server: Server,
  requests: Requests,
  sockets: ReadonlySet<Socket>,
): Promise<void> {
  // Not events.once, which rejects when there is an error in the meantime.
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  requests.close();
  const cut = setTimeout(() => {
    server.closeAllConnections();
  }, CLOSE_GRACE);
  await closed;
  clearTimeout(cut);
  // The server closes before its last sockets tell of their end, and with it of their requests.
  await Promise.all(
    [...sockets].map(
      (socket) =>
        new Promise((resolve) => {
          socket.once('close', resolve);
        }),
    ),
  );
}

const LOCALHOST_ADDRESSES: readonly string[] = [
  '127.0.0.1',
  '::1',
  '0.0.0.0',
  '::',
];

/** The host to write into a URL for a server that listens on `address`. */
function urlHost(address: string): string {
  if (LOCALHOST_ADDRESSES.includes(address)) return 'localhost';
  return address.includes(':') ? `[${address}]` : address;
}
