import { ThreadPoolExecutor } from '@concurrent-executors/executor';
import type { Options } from './command-line.ts';
import { display } from './display.ts';
import { loiter } from './loiter.ts';

export async function showMap({ workers, durations }: Options): Promise<void> {
  display('Script starting.');
  await using pool = new ThreadPoolExecutor({ maxWorkers: workers });
  const results = pool.map(loiter, durations, durations.keys());
  display(`results: ${String(results)}`);
  display('Waiting for individual results:');
  let index = 0;
  for await (const result of results)
    display(`result ${String(index++)}: ${String(result)}`);
}
