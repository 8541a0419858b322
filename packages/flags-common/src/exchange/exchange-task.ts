import { task } from '@concurrent-executors/executor/task';
import { Client } from './client.ts';
import type {
  ClientSettings,
  ExchangeRequest,
  ExchangeResult,
} from './exchange.ts';

// One client a thread, so that its connections are used again.
let client: Client | undefined;

/** Gives this thread its client. The initializer of its workers, for a pool. */
export const openClient = task(
  import.meta.url,
  function openClient(settings: ClientSettings): void {
    client = new Client(settings);
  },
);

/**
 * One request and its answer, as {@link Client.exchange}, by the client of this
 * thread. A task, so that an executor can run it in its workers.
 */
export const exchange = task(
  import.meta.url,
  function exchange(request: ExchangeRequest): Promise<ExchangeResult> {
    if (client === undefined) throw new Error('openClient comes first');
    return client.exchange(request);
  },
);

/** Breaks every connection of this thread: what is in flight fails at once. */
export async function closeClient(): Promise<void> {
  await client?.destroy();
}
