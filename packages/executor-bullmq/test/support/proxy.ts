import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * A way to Redis that can be interrupted. While it is, nothing passes and nothing is closed:
 * as with a cable that was pulled, both ends still see an open connection.
 */
export interface Proxy extends AsyncDisposable {
  /** For `redis:` options. */
  readonly url: string;
  /** Nothing passes from now on; new connections are made, and no word passes there. */
  interrupt(): void;
  /** Everything passes again, also what was written in the meantime. */
  heal(): void;
  /** New connections pass; over those of before nothing ever will. */
  healNewOnly(): void;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  isForgotten: boolean;
}

/** @param target the socket of a server */
export async function startProxy(target: string): Promise<Proxy> {
  const pairs = new Set<Pair>();
  let isInterrupted = false;
  const passes = (pair: Pair): boolean => !isInterrupted && !pair.isForgotten;
  const forward = (pair: Pair, from: Socket, to: Socket): void => {
    let hasEnded = false;
    from.on('data', (data) => to.write(data));
    from.on('error', () => undefined); // its close is what counts
    from.on('close', () => {
      hasEnded = true;
      if (passes(pair)) to.destroy();
      if (pair.client.destroyed && pair.server.destroyed) pairs.delete(pair);
    });
    healings.set(from, () => {
      if (hasEnded) to.destroy();
      else from.resume();
    });
  };
  const healings = new WeakMap<Socket, () => void>();
  const listener = createServer((client) => {
    const pair = { client, server: connect(target), isForgotten: false };
    pairs.add(pair);
    forward(pair, pair.client, pair.server);
    forward(pair, pair.server, pair.client);
    if (isInterrupted) pause(pair);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as AddressInfo; // of a TCP server that listens
  return {
    url: `redis://127.0.0.1:${String(port)}`,
    interrupt() {
      isInterrupted = true;
      for (const pair of pairs) pause(pair);
    },
    heal() {
      isInterrupted = false;
      for (const pair of pairs) {
        if (pair.isForgotten) continue;
        healings.get(pair.client)?.();
        healings.get(pair.server)?.();
      }
    },
    healNewOnly() {
      isInterrupted = false;
      for (const pair of pairs) pair.isForgotten = true;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(listener, 'close');
      listener.close();
      for (const { client, server } of pairs) {
        client.destroy();
        server.destroy();
      }
      await closed;
    },
  };
}

function pause({ client, server }: Pair): void {
  client.pause();
  server.pause();
}
