import {
  EmbeddedServerError,
  startEmbeddedServer,
  type EmbeddedServer,
} from './embedded/start.ts';
import { ServerUnavailableError } from './errors.ts';
import { Client } from './exchange/client.ts';
import { type Occupant, probe } from './probe.ts';
import type { ServerSite } from './servers.ts';

/** A server to download from. Disposing of it stops it if it was started for this run. */
export interface FoundServer extends AsyncDisposable {
  /** Base URL, without a slash at its end. */
  readonly url: string;
}

export interface FindServerOptions {
  /** Whether a missing server is started. */
  readonly embedded: boolean;
  /** How long to wait for an answer, in milliseconds. */
  readonly timeout: number;
  /** Told in one line when a server is started. */
  readonly notify: (line: string) => void;
}

/** In bytes: more than any flag and any identity have. */
const MAX_ANSWER = 10_000_000;

/**
 * Makes sure that something serves flags at a site, and starts it if nothing
 * does. REMOTE is taken as it is: it is never contacted but to download.
 *
 * @throws {ServerUnavailableError} when there is no server and none may or can be started
 */
export async function findServer(
  site: ServerSite,
  options: FindServerOptions,
): Promise<FoundServer> {
  const { label, port } = site;
  if (port === undefined) return standing(site.url);
  const occupant: Occupant =
    port === 0 ? { kind: 'nothing' } : await ask(site.url, options.timeout);
  switch (occupant.kind) {
    case 'standing':
      return standing(site.url);
    case 'foreign':
      throw new ServerUnavailableError(
        `port ${String(port)} is held by a program that serves no flags ` +
          `(${occupant.reason}); stop it, or set ${variable(label)} to another port`,
      );
    case 'nothing':
      return embed(
        site,
        port,
        port === 0
          ? `${variable(label)} is 0`
          : `nothing listens on port ${String(port)}`,
        options,
      );
    case 'embedded':
      return embed(
        site,
        0,
        `port ${String(port)} has the embedded server of another run`,
        options,
      );
  }
}

async function ask(url: string, timeout: number): Promise<Occupant> {
  const client = new Client({
    timeout,
    connectTimeout: timeout,
    stallTimeout: timeout,
    maxBytes: MAX_ANSWER,
    connections: 1,
    environmentProxies: false,
    partialFolder: '',
    resume: false,
    trace: false,
  });
  try {
    return await probe(client, url, timeout);
  } finally {
    await client.destroy();
  }
}

async function embed(
  { label }: ServerSite,
  port: number,
  reason: string,
  options: FindServerOptions,
): Promise<FoundServer> {
  if (!options.embedded) {
    throw new ServerUnavailableError(
      `${label} server: ${reason}; start it with "npx nx run slow-server:serve", or leave out --no-embedded`,
    );
  }
  const server = await start(label, port);
  const url = `http://localhost:${String(server.port)}/flags`;
  options.notify(
    `${label} server: ${reason}; started an embedded one at ${url}`,
  );
  return { url, [Symbol.asyncDispose]: () => server.stop() };
}

async function start(label: string, port: number): Promise<EmbeddedServer> {
  try {
    return await startEmbeddedServer(label, port);
  } catch (error) {
    if (!(error instanceof EmbeddedServerError)) throw error;
    if (error.code === 'FLAGS_SERVER_PORT_IN_USE' && port !== 0) {
      // Another run was faster. Its server would end with it.
      return start(label, 0);
    }
    throw new ServerUnavailableError(
      `cannot start the ${label} server: ${error.message}`,
    );
  }
}

function standing(url: string): FoundServer {
  return { url, [Symbol.asyncDispose]: () => Promise.resolve() };
}

function variable(label: string): string {
  return `FLAGS_${label}_PORT`;
}
