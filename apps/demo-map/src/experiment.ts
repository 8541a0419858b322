import { asCompleted, type Executor } from '@concurrent-executors/executor';
import type { Options } from './command-line.ts';
import { display } from './display.ts';
import { makeExecutor } from './executors.ts';
import { loiter } from './loiter.ts';

/** Runs `loiter` for each duration, and shows when each result is there. */
export async function experiment(options: Options): Promise<void> {
  display('Script starting.');
  await using executor = makeExecutor(options.executor, options.workers);
  if (options.order === 'submitted') {
    await showMap(executor, options.durations);
  } else {
    await showCompletion(executor, options.durations);
  }
}

/** A result that is there is held back until all before it are there. */
async function showMap(
  executor: Executor,
  durations: readonly number[],
): Promise<void> {
  const results = executor.map(loiter, durations, durations.keys());
  display(`results: ${String(results)}`);
  display('Waiting for individual results:');
  let index = 0;
  for await (const result of results)
    display(`result ${String(index++)}: ${String(result)}`);
}

/** Each result as soon as it is there, with the place of its duration. */
async function showCompletion(
  executor: Executor,
  durations: readonly number[],
): Promise<void> {
  const futures = durations.map((seconds, tabs) =>
    executor.submit(loiter, seconds, tabs),
  );
  const places = new Map<unknown, number>(
    futures.map((future, place) => [future, place]),
  );
  display(`futures: ${futures.map(({ state }) => state).join(', ')}`);
  display('Waiting for individual results:');
  for await (const future of asCompleted(futures)) {
    const result = await future.result();
    display(`result ${String(places.get(future))}: ${String(result)}`);
  }
}
