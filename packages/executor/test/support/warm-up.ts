import type { PoolExecutor } from '@concurrent-executors/executor';
import { echo } from '../fixtures/tasks.mjs';

/** How many tasks a fast worker surely gets before it can start them. */
const AHEAD = 4;

/** Runs tasks until tasks are sent ahead to all workers: each has to have answered one. */
export async function warmUp(pool: PoolExecutor): Promise<void> {
  for (;;) {
    const sent = new Set<number>();
    const futures = Array.from(
      { length: pool.maxWorkers * (1 + AHEAD) },
      (_, n) =>
        pool.submit(echo, {
          // It is read when it is sent.
          get n() {
            sent.add(n);
            return n;
          },
        }),
    );
    const isWarm = sent.size === futures.length;
    await Promise.all(futures);
    if (isWarm) return;
  }
}
