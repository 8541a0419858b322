#!/usr/bin/env node
import { availableParallelism } from 'node:os';
import { ThreadPoolExecutor } from '@concurrent-executors/executor';
import {
  downloadConcurrently,
  Downloader,
  exchange,
  openClient,
  runProgram,
  type DownloadJob,
} from '@concurrent-executors/flags-common';
import { showFutures } from './show-futures.ts';

/**
 * A thread here is an event loop of its own with room for many requests, so that
 * more threads than processors would only take turns: 1,000 connections need no
 * 1,000 threads.
 */
function workersFor({ concurrency }: DownloadJob): {
  readonly maxWorkers: number;
  readonly tasksPerWorker: number;
} {
  const maxWorkers = Math.min(concurrency, availableParallelism());
  return {
    maxWorkers,
    tasksPerWorker: Math.ceil(concurrency / maxWorkers),
  };
}

await runProgram({
  name: 'flags-threadpool',
  defaultConcurrency: 30,
  maxConcurrency: 1000,
  showFutures,
  async *downloadMany(job) {
    const { maxWorkers, tasksPerWorker } = workersFor(job);
    await using threads = new ThreadPoolExecutor({
      maxWorkers,
      tasksPerWorker,
      initializer: openClient,
      initArgs: [{ ...job.client, connections: tasksPerWorker }],
    });
    job.stop.signal.addEventListener('abort', () => {
      void threads.terminateWorkers();
    });
    const downloader = new Downloader(job.plan, (request) =>
      threads.submit(exchange, request),
    );
    yield* downloadConcurrently(downloader, job);
  },
  async *downloadByQueue(job, queue) {
    // Takes longer to load than the rest of the program.
    const { downloadByQueue } = await import('./download-by-queue.ts');
    yield* downloadByQueue(job, queue);
  },
});
