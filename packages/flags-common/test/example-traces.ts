import type { ExchangeTrace } from '../src/trace/exchange-trace.ts';

const START = Date.UTC(2026, 0, 2, 3, 4, 5);

const NO_PHASES = {
  blocked: -1,
  dns: -1,
  connect: -1,
  tls: -1,
  send: -1,
  wait: -1,
  receive: -1,
};

/** A successful exchange over a new TLS connection that took 100 ms. */
export function trace(changes: Partial<ExchangeTrace> = {}): ExchangeTrace {
  return {
    url: 'https://flags.example/flags/br/br.gif',
    label: 'BR',
    attempt: 1,
    startedAt: START,
    phases: {
      blocked: 10,
      dns: 5,
      connect: 30,
      tls: 20,
      send: 1,
      wait: 50,
      receive: 4,
    },
    requestHeaders: [['user-agent', 'test']],
    status: 200,
    statusText: 'OK',
    httpVersion: 'HTTP/1.1',
    responseHeaders: [['Content-Type', 'image/gif']],
    bodyBytes: 12_000,
    redirectUrl: undefined,
    serverAddress: '127.0.0.1',
    connection: '1',
    worker: 'thread 1',
    error: undefined,
    ...changes,
  };
}

/** The server could not be reached. */
export function refused(changes: Partial<ExchangeTrace> = {}): ExchangeTrace {
  return trace({
    label: 'XX',
    phases: { ...NO_PHASES, blocked: 0, dns: 2 },
    status: 0,
    statusText: '',
    responseHeaders: [],
    bodyBytes: 0,
    serverAddress: undefined,
    connection: undefined,
    error: 'connection refused (ECONNREFUSED)',
    ...changes,
  });
}

/**
 * Exchanges of ten workers in the order of their ends, each worker one after the
 * other, with durations from 40 to 139 ms. Every tenth is answered with a 418; the
 * labels are F0, F1, …
 */
export function manyTraces(count: number): ExchangeTrace[] {
  const WORKERS = 10;
  const free = new Array<number>(WORKERS).fill(START);
  const ended = Array.from({ length: count }, (_, index) => {
    const worker = free.indexOf(Math.min(...free));
    const startedAt = free[worker] ?? START;
    const wait = 30 + ((index * 37) % 100);
    const first = index < WORKERS;
    const setUp = first ? 12 : 0;
    free[worker] = startedAt + setUp + wait + 10;
    const status = index % 10 === 9 ? 418 : 200;
    return {
      end: free[worker],
      exchange: trace({
        url: `https://flags.example/flags/${String(index)}.gif`,
        label: `F${String(index)}`,
        startedAt,
        phases: first
          ? {
              blocked: 0,
              dns: 2,
              connect: 10,
              tls: 6,
              send: 1,
              wait,
              receive: 9,
            }
          : { ...NO_PHASES, blocked: 0, send: 1, wait, receive: 9 },
        status,
        statusText: status === 418 ? "I'm a Teapot" : 'OK',
        worker: `thread ${String(worker + 1)}`,
        connection: String(worker + 1),
      }),
    };
  });
  return ended.sort((a, b) => a.end - b.end).map(({ exchange }) => exchange);
}
