import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { isMainThread, threadId } from 'node:worker_threads';
import { buildConnector } from 'undici';
import type { ExchangeRequest } from './exchange.ts';
import type {
  ExchangePhases,
  ExchangeTrace,
  Headers,
} from '../trace/exchange-trace.ts';

/** When a connection came to be, as values of `performance.now()`. */
interface ConnectionTimes {
  readonly start: number;
  lookup?: number;
  connect?: number;
  secure?: number;
  /** The first request on it is the one that has waited for it. */
  used: boolean;
}

const connectionTimes = new WeakMap<Socket, ConnectionTimes>();

/** The channel on which undici tells that it sends a request. */
const SENT = 'undici:client:sendHeaders';

/** The recorder of the request that undici is about to send. */
let sending: TraceRecorder | undefined;

/**
 * undici tells only here on which connection it sends a request, right after it
 * has called the handler of that request, without anything in between.
 */
function whenSent(message: unknown): void {
  // Documented by undici, and not typed.
  sending?.connected((message as { readonly socket: Socket }).socket);
  sending = undefined;
}

function willSend(recorder: TraceRecorder): void {
  sending = recorder;
}

/** A connector that notes the times of each connection. */
export function tracedConnections(timeout: number): buildConnector.connector {
  // Once, however many clients there are.
  unsubscribe(SENT, whenSent);
  subscribe(SENT, whenSent);
  const connect = buildConnector({ timeout, allowH2: true });
  return (options, callback) => {
    const times: ConnectionTimes = { start: performance.now(), used: false };
    // It returns the socket, which its type does not tell.
    const socket = (connect as Connect)(options, callback);
    connectionTimes.set(socket, times);
    socket.once('lookup', () => (times.lookup = performance.now()));
    socket.once('connect', () => (times.connect = performance.now()));
    socket.once('secureConnect', () => (times.secure = performance.now()));
  };
}

type Connect = (...parameters: Parameters<buildConnector.connector>) => Socket;

/** Notes when what happened in one exchange. */
export class TraceRecorder {
  readonly #request: ExchangeRequest;
  readonly #requestHeaders: Headers;
  readonly #asked = performance.now();
  #sent: number | undefined;
  #answered: number | undefined;
  #connection: ConnectionTimes | undefined;
  #serverAddress: string | undefined;
  #connectionName: string | undefined;
  #status = 0;
  #statusText = '';
  #responseHeaders: Headers = [];
  #bodyBytes = 0;
  #isHttp2 = false;

  constructor(
    request: ExchangeRequest,
    headers: Readonly<Record<string, string>>,
  ) {
    this.#request = request;
    this.#requestHeaders = Object.entries(headers).filter(
      ([name]) => name !== 'authorization',
    );
  }

  sent(): void {
    this.#sent = performance.now();
    willSend(this);
  }

  connected(socket: Socket): void {
    const times = connectionTimes.get(socket);
    if (times !== undefined && !times.used) {
      times.used = true;
      this.#connection = times;
    }
    this.#serverAddress = socket.remoteAddress;
    this.#isHttp2 = 'alpnProtocol' in socket && socket.alpnProtocol === 'h2';
    this.#connectionName = String(socket.localPort);
  }

  answered(
    status: number,
    statusText: string,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#answered = performance.now();
    this.#status = status;
    this.#statusText = statusText;
    this.#responseHeaders = Object.entries(headers).flatMap(([name, value]) =>
      [value ?? []].flat().map((text) => [name, text] as const),
    );
  }

  received(bytes: number): void {
    this.#bodyBytes += bytes;
  }

  /** @param error why there was no complete answer, if there was none */
  end(error?: string): ExchangeTrace {
    const { label, attempt, url } = this.#request;
    return {
      url,
      label,
      attempt,
      startedAt: performance.timeOrigin + this.#asked,
      phases: this.#phases(performance.now()),
      requestHeaders: this.#requestHeaders,
      status: this.#status,
      statusText: this.#statusText,
      httpVersion: this.#isHttp2 ? 'HTTP/2' : 'HTTP/1.1',
      responseHeaders: this.#responseHeaders,
      bodyBytes: this.#bodyBytes,
      redirectUrl: this.#responseHeaders.find(
        ([name]) => name === 'location',
      )?.[1],
      serverAddress: this.#serverAddress,
      connection: this.#connectionName,
      worker: isMainThread ? 'main' : `thread ${String(threadId)}`,
      error,
    };
  }

  #phases(end: number): ExchangePhases {
    const sent = this.#sent ?? end;
    const answered = this.#answered ?? end;
    const {
      start = sent,
      lookup,
      connect = sent,
      secure,
    } = this.#connection ?? {};
    // The connection may have been opened for another request, and earlier.
    const opened = Math.max(start, this.#asked);
    const between = (from: number, to: number): number =>
      Math.max(0, to - Math.max(from, this.#asked));
    const isNew = this.#connection !== undefined;
    return {
      blocked: Math.max(0, Math.min(opened, sent) - this.#asked),
      dns: lookup === undefined ? -1 : between(start, lookup),
      connect: isNew ? between(lookup ?? start, secure ?? connect) : -1,
      tls: secure === undefined ? -1 : between(connect, secure),
      send: 0,
      wait: this.#sent === undefined ? 0 : answered - sent,
      receive: this.#answered === undefined ? 0 : end - answered,
    };
  }
}
