import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Holds tasks at a known place, in whatever process they run: they connect to `path`. */
export interface Gate extends AsyncDisposable {
  readonly path: string;
  /** How many tasks have arrived so far. */
  readonly arrivals: number;
  /** Resolves when `count` tasks in all have arrived. */
  arrived(count: number): Promise<void>;
  /** Lets those go on that wait, and all that come. */
  open(): void;
}

export async function makeGate(): Promise<Gate> {
  const path = join(tmpdir(), `gate-${randomUUID()}.sock`);
  const waiting = new Set<Socket>();
  let arrivals = 0;
  let isOpen = false;
  const server = createServer((socket) => {
    socket.on('error', () => undefined); // its worker was killed
    arrivals += 1;
    if (isOpen) socket.end();
    else {
      waiting.add(socket);
      socket.on('close', () => waiting.delete(socket));
    }
    server.emit('arrival');
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    path,
    get arrivals() {
      return arrivals;
    },
    async arrived(count) {
      while (arrivals < count) await once(server, 'arrival');
    },
    open() {
      isOpen = true;
      for (const socket of waiting) socket.end();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
