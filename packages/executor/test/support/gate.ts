import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Holds tasks of any backend at a known place, without sleeping: the task
 * passGate connects to `path` and goes on when the gate opens.
 */
export interface Gate extends AsyncDisposable {
  readonly path: string;
  /** How many tasks have arrived so far. */
  readonly arrivals: number;
  /** Resolves when `count` tasks in all have arrived. */
  arrived(count: number): Promise<void>;
  /** Lets the tasks that wait here go on, the longest waiting first; default: all, and all that come. */
  open(count?: number): void;
}

export async function makeGate(): Promise<Gate> {
  const path = join(tmpdir(), `gate-${randomUUID()}.sock`);
  const waiting: Socket[] = [];
  let arrivals = 0;
  let isOpen = false;
  const server = createServer((socket) => {
    socket.on('error', () => undefined); // the worker was ended
    arrivals += 1;
    if (isOpen) socket.end();
    else waiting.push(socket);
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
    open(count = Infinity) {
      if (count === Infinity) isOpen = true;
      for (const socket of waiting.splice(0, count)) socket.end();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}
