import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A connection to a server on this machine, and what came back on it so far. */
export class RawConnection {
  readonly socket: Socket;
  /** Resolves with how the server ended the connection: `FIN`, or the code of the error. */
  readonly end: Promise<string | undefined>;
  #received = '';

  constructor(port: number) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text) => {
      this.#received += String(text);
    });
    this.end = new Promise((resolve) => {
      this.socket.once('end', () => {
        resolve('FIN');
      });
      this.socket.once('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code);
      });
    });
  }

  /** All that was received so far. */
  get received(): string {
    return this.#received;
  }

  /** Sends text as it is: clients would tidy up the paths that are to be tried. */
  send(text: string): void {
    this.socket.write(text, 'latin1');
  }

  /** Sends requests in one piece: when the first is answered, the others were read too. */
  get(...targets: string[]): void {
    this.send(
      targets
        .map((target) => `GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
        .join(''),
    );
  }

  /** Resolves with all that was received once it matches. */
  async receive(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#received)) await once(this.socket, 'data');
    return this.#received;
  }

  /** Resolves with all that was received once the server has ended the connection. */
  async receiveAll(): Promise<string> {
    if (!this.socket.closed) await once(this.socket, 'close');
    return this.#received;
  }
}

/** One request for a path that is sent as it is; resolves with the whole response. */
export function requestRaw(
  port: number,
  target: string,
  ...headers: string[]
): Promise<string> {
  const connection = new RawConnection(port);
  const lines = [`GET ${target} HTTP/1.1`, 'Host: localhost', ...headers];
  connection.send(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`);
  return connection.receiveAll();
}
