import type { Future } from '@concurrent-executors/executor';

/** How futures have ended. */
export interface Settlements<T> {
  /** The values of those that have one, in the order of the futures. */
  readonly values: readonly T[];
  readonly errors: readonly unknown[];
}

/**
 * Resolves when all are done, however.
 *
 * @throws Error if one has told of its end more than once
 */
export async function settlementsOf<T>(
  futures: readonly Future<T>[],
): Promise<Settlements<T>> {
  const calls = new Map<Future<T>, number>(
    futures.map((future) => [future, 0]),
  );
  for (const future of futures) {
    future.addDoneCallback(() => {
      calls.set(future, (calls.get(future) ?? 0) + 1);
    });
  }
  const results = await Promise.allSettled(futures);
  // What would come a second time comes with the messages that are read by then.
  await new Promise(setImmediate);
  if ([...calls.values()].some((count) => count !== 1)) {
    throw new Error('a future has told of its end more or less than once');
  }
  return {
    values: results.flatMap((result) =>
      result.status === 'fulfilled' ? [result.value] : [],
    ),
    errors: results.flatMap((result) =>
      result.status === 'rejected' ? [result.reason as unknown] : [],
    ),
  };
}
