import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { listen } from '../test/raw-server.ts';

/** A proxy; `asked` is what it was asked for. */
export interface Proxy extends AsyncDisposable {
  readonly url: string;
  readonly asked: readonly string[];
}

/** A proxy that answers for `http:` URLs itself, and makes tunnels for `https:` ones. */
export async function startProxy(): Promise<Proxy> {
  const asked: string[] = [];
  const upstreams = new Set<Socket>();
  const server = createServer((request, response) => {
    asked.push(String(request.url));
    response.end('from the proxy');
  });
  server.on('connect', (request, client) => {
    asked.push(`CONNECT ${String(request.url)}`);
    const { hostname, port } = new URL(`http://${String(request.url)}`);
    const upstream = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(client).pipe(upstream);
    });
    upstreams.add(upstream);
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
    client.on('close', () => upstream.destroy());
  });
  const listening = await listen(server);
  return {
    asked,
    url: `http://127.0.0.1:${String(listening.port)}`,
    async [Symbol.asyncDispose]() {
      for (const upstream of upstreams) upstream.destroy();
      await listening[Symbol.asyncDispose]();
    },
  };
}
