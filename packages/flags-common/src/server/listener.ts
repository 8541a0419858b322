import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { FlagServerListenError } from './errors.ts';
import type { Requests } from './requests.ts';

/** How long `close` lets running answers go on, in milliseconds. */
const CLOSE_GRACE = 5000;

/** One port on which a server listens, and its connections. */
export class Listener {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: ReadonlySet<Socket>;

  private constructor(
    server: Server,
    port: number,
    sockets: ReadonlySet<Socket>,
  ) {
    this.#server = server;
    this.port = port;
    this.#sockets = sockets;
  }

  /**
   * @param port 0 takes any free one
   * @throws {FlagServerListenError} when the port cannot be had
   */
  static async open(
    host: string,
    port: number,
    requests: Requests,
  ): Promise<Listener> {
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
    return new Listener(server, await listen(server, host, port), sockets);
  }

  /** Takes no more connections; resolves when all have ended. To be called after `Requests.close`. */
  async close(): Promise<void> {
    // Not events.once, which rejects when there is an error in the meantime.
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
    const cut = setTimeout(() => {
      this.#server.closeAllConnections();
    }, CLOSE_GRACE);
    await closed;
    clearTimeout(cut);
    // The server closes before its last sockets tell of their end, and with it of their requests.
    await Promise.all(
      [...this.#sockets].map(
        (socket) =>
          new Promise((resolve) => {
            socket.once('close', resolve);
          }),
      ),
    );
  }
}

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
