import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';

/** A server of the test's own making on a free port of this machine. */
export interface RawServer extends AsyncDisposable {
  readonly port: number;
  /** `http://localhost:PORT/flags` */
  readonly url: string;
}

/** An HTTP server that answers as the test says. */
export function serveHttp(listener: RequestListener): Promise<RawServer> {
  return listen(createServer(listener));
}

/** A server that speaks whatever the test says. */
export function serveTcp(
  connected: (socket: Socket) => void,
): Promise<RawServer> {
  return listen(
    createTcpServer((socket) => {
      // The client may be gone before everything was sent to it.
      socket.on('error', () => undefined);
      connected(socket);
    }),
  );
}

/** Has a server listen on a free port of this machine. */
export async function listen(server: Server): Promise<RawServer> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server that listens
  return {
    port,
    url: `http://localhost:${String(port)}/flags`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
