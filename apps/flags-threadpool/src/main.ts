#!/usr/bin/env node
import { availableParallelism } from 'node:os';
import { ThreadPoolExecutor } from '@concurrent-executors/executor';
import {
  downloadConcurrently,
  runProgram,
} from '@concurrent-executors/flags-common';
import { showFutures } from './show-futures.ts';

// A thread here is an event loop of its own, with room for many downloads: 1,000
// connections need no 1,000 threads. The book's rule for threads that mostly wait.
const MAX_THREADS = Math.min(32, availableParallelism() + 4);

await runProgram({
  name: 'flags-threadpool',
  defaultConcurrency: 30,
  maxConcurrency: 1000,
  showFutures,
  async *downloadMany(job) {
    const maxWorkers = Math.min(job.concurrency, MAX_THREADS);
    await using executor = new ThreadPoolExecutor({
      maxWorkers,
      tasksPerWorker: Math.ceil(job.concurrency / maxWorkers),
    });
    job.stop.signal.addEventListener('abort', () => {
      void executor.terminateWorkers();
    });
    yield* downloadConcurrently(executor, job);
  },
});
