#!/usr/bin/env node
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
    yield* downloadConcurrently(new Downloader(job.plan, exchange), job);
  },
});
