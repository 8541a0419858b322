/*
 * The module for workers on a queue, which may be on other machines. Whoever can write to
 * the queue can call what it exports: the one task.
 */
import { task, taskContext } from '@concurrent-executors/executor/task';
import { Client } from './client.ts';
import type {
  ClientSettings,
  ExchangeRequest,
  ExchangeResult,
} from './exchange.ts';

/** Of this thread, which does one exchange at a time. */
let current: { readonly client: Client; readonly settings: string } | undefined;

/**
 * One request and its answer, as {@link Client.exchange}. There is no initializer that
 * could give a client to a worker which serves many programs, so the settings come along.
 */
export const queuedExchange = task(
  import.meta.url,
  async function queuedExchange(
    settings: ClientSettings,
    request: ExchangeRequest,
  ): Promise<ExchangeResult> {
    const client = clientFor(settings);
    const { signal } = taskContext();
    const stop = (): void => {
      current = undefined;
      void client.destroy();
    };
    signal.addEventListener('abort', stop);
    try {
      signal.throwIfAborted();
      const result = await client.exchange(request);
      signal.throwIfAborted();
      return result;
    } finally {
      signal.removeEventListener('abort', stop);
    }
  },
);

/** The last one, if it was made for this run: its connections are used again. */
function clientFor(settings: ClientSettings): Client {
  const text = JSON.stringify(settings);
  if (current?.settings !== text) {
    void current?.client.destroy();
    current = { client: new Client(settings), settings: text };
  }
  return current.client;
}

/** Path of this module, as an executor-worker takes it. */
export const queuedExchangeModule = import.meta.filename;
