import { flagsFolder } from './files.ts';
import { Listener } from './listener.ts';
import { resolveOptions, type FlagServerOptions } from './options.ts';
import { FLAGS_PATH, Requests } from './requests.ts';
import { urlHost } from './url-host.ts';

/** A server that listens. */
export interface FlagServer extends AsyncDisposable {
  /** Base URL of the flags, without a slash at its end: `http://localhost:8001/flags`. */
  readonly url: string;
  readonly port: number;
  /** A server with the same options and this seed repeats the delays and faults of this one. */
  readonly seed: string;
  /**
   * Stops the server. It takes no more connections; requests that are being held back are
   * answered with status 503 at once; connections on which a fault is going on are cut at
   * once; files that are being sent have five seconds to arrive, then their connections are
   * cut. `onRequest` is not called afterwards. Never rejects; further calls wait for the first.
   */
  close(): Promise<void>;
}

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
  const open = (port: number): Promise<Listener> =>
    Listener.open(settings.host, port, requests);
  let second: Promise<Listener> | undefined;
  const requests = new Requests(settings, root, async (port) => {
    if (port !== first.port) return first.port;
    return (await (second ??= open(0))).port;
  });
  const first = await open(settings.port);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> =>
    (closed ??= closeAll(requests, first, second));
  return {
    url: `http://${urlHost(settings.host)}:${String(first.port)}${FLAGS_PATH}`,
    port: first.port,
    seed: settings.seed,
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function closeAll(
  requests: Requests,
  first: Listener,
  second: Promise<Listener> | undefined,
): Promise<void> {
  requests.close();
  await Promise.all([
    first.close(),
    second?.then(
      (listener) => listener.close(),
      () => undefined, // it could not be opened
    ),
  ]);
}
