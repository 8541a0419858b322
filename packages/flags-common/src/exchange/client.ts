import { Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import {
  DownloadError,
  DownloadNetworkError,
  HttpStatusError,
} from '../errors.ts';
import { TraceRecorder, tracedConnections } from './trace-recorder.ts';
import type {
  ClientSettings,
  ExchangeRequest,
  ExchangeResult,
  Failed,
} from './exchange.ts';
import {
  findPartial,
  partialPath,
  removePartial,
  type PartialFile,
} from './partial-file.ts';
import { type Answer, ResponseHandler } from './response-handler.ts';

const PROXY_VARIABLES = [
  'http_proxy',
  'HTTP_PROXY',
  'https_proxy',
  'HTTPS_PROXY',
];

/** Does exchanges over connections that are used again. */
export class Client {
  readonly #settings: ClientSettings;
  readonly #dispatcher: Dispatcher;

  constructor(settings: ClientSettings) {
    this.#settings = settings;
    this.#dispatcher = dispatcherFor(settings);
  }

  /**
   * One request and its answer. A redirect is a result, not followed; so is all
   * that can go wrong with this request alone.
   *
   * @throws {FileWriteError} when nothing can be written
   */
  async exchange(request: ExchangeRequest): Promise<ExchangeResult> {
    const { path, url } = request;
    const { resume, partialFolder } = this.#settings;
    const partial =
      resume && path !== undefined
        ? findPartial(partialPath(partialFolder, url, path))
        : undefined;
    const target = new URL(url);
    const headers = headersFor(request, partial);
    const trace = this.#settings.trace
      ? new TraceRecorder(request, headers)
      : undefined;
    let answer: Answer;
    try {
      answer = await this.#ask(request, target, headers, partial, trace);
    } catch (error) {
      if (!(error instanceof DownloadError)) throw error;
      return { ...failed(error), trace: trace?.end(error.message) };
    }
    if (answer.kind !== 'unsatisfiable') {
      return trace === undefined ? answer : { ...answer, trace: trace.end() };
    }
    if (partial !== undefined) removePartial(partial.path);
    return await this.exchange(request);
  }

  /** Breaks every connection: what is in flight fails at once. */
  destroy(): Promise<void> {
    return this.#dispatcher.destroy();
  }

  #ask(
    request: ExchangeRequest,
    { origin, pathname, search }: URL,
    headers: Record<string, string>,
    partial: PartialFile | undefined,
    trace: TraceRecorder | undefined,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#dispatcher.dispatch(
        { origin, path: pathname + search, method: 'GET', headers },
        new ResponseHandler(request, this.#settings, partial, trace, {
          resolve,
          reject,
        }),
      );
    });
  }
}

function failed(error: DownloadError): Failed {
  const status = error instanceof HttpStatusError ? error : undefined;
  return {
    kind: 'failed',
    code: error.code,
    message: error.message,
    status: status?.status,
    retryAfter: status?.retryAfter,
    refused: error instanceof DownloadNetworkError && isRefusal(error.cause),
    permanent:
      error instanceof DownloadNetworkError &&
      PERMANENT.test(codeOf(error.cause)),
  };
}

/** Codes of connections that fail in the same way again: no such host, a bad certificate. */
const PERMANENT = /^ENOTFOUND$|CERT|SELF_SIGNED|^ERR_(?:TLS|SSL)_/;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** Whether no address of the host has a listener; one without IPv6 has fewer. */
function isRefusal(cause: unknown): boolean {
  const attempts: unknown[] =
    cause instanceof AggregateError ? cause.errors : [cause];
  return attempts.every((attempt) =>
    ['EADDRNOTAVAIL', 'ECONNREFUSED', 'ENETUNREACH'].includes(codeOf(attempt)),
  );
}

function headersFor(
  request: ExchangeRequest,
  partial: PartialFile | undefined,
): Record<string, string> {
  const headers: Record<string, string> = {
    accept: '*/*',
    // The file is saved as it comes, and its size must be the one that is announced.
    'accept-encoding': 'identity',
    'user-agent': 'concurrent-executors',
  };
  if (request.credentials !== undefined) {
    const encoded = Buffer.from(request.credentials).toString('base64');
    headers['authorization'] = `Basic ${encoded}`;
  }
  const { etag, lastModified } = request.unless ?? {};
  if (etag !== undefined) headers['if-none-match'] = etag;
  if (lastModified !== undefined) headers['if-modified-since'] = lastModified;
  if (partial !== undefined) {
    headers['range'] = `bytes=${String(partial.bytes)}-`;
    headers['if-range'] = partial.version;
  }
  return headers;
}

function dispatcherFor(settings: ClientSettings): Dispatcher {
  const { connectTimeout, connections, environmentProxies, proxy } = settings;
  // Longer than the deadline's, so that its message is the one seen. 0 is no limit.
  const timeout = connectTimeout === Infinity ? 0 : 2 * connectTimeout;
  const options = {
    connections,
    pipelining: 1,
    // Where a server offers it; without it undici speaks HTTP/1.1 only.
    allowH2: true,
    // The deadline of the exchange is the one clock.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: settings.trace ? tracedConnections(timeout) : { timeout },
  };
  const isNamed = PROXY_VARIABLES.some(
    (name) => (process.env[name] ?? '') !== '',
  );
  if (proxy === undefined && !(environmentProxies && isNamed)) {
    return new Agent(options);
  }
  return new EnvHttpProxyAgent({
    ...options,
    // Proxies commonly refuse tunnels to other ports than that of https.
    proxyTunnel: false,
    ...(proxy !== undefined && { httpProxy: proxy, httpsProxy: proxy }),
  });
}
