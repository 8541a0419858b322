#!/usr/bin/env node
import { AsyncExecutor } from '@concurrent-executors/executor';
import {
  downloadConcurrently,
  Downloader,
  exchange,
  openClient,
  runProgram,
} from '@concurrent-executors/flags-common';

await runProgram({
  name: 'flags-async',
  defaultConcurrency: 5,
  maxConcurrency: 1000,
  async *downloadMany(job) {
    openClient(job.client);
    const downloader = new Downloader(job.plan, exchange);
    await using executor = new AsyncExecutor({ maxWorkers: job.concurrency });
    yield* downloadConcurrently(executor, downloader, job);
  },
});
