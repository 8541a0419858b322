#!/usr/bin/env node
import {
  Downloader,
  exchange,
  openClient,
  runProgram,
} from '@concurrent-executors/flags-common';

await runProgram({
  name: 'flags-seq',
  defaultConcurrency: 1,
  maxConcurrency: 1,
  async *downloadMany({ client, entries, plan }) {
    openClient(client);
    const downloader = new Downloader(plan, exchange);
    for await (const entry of entries) yield await downloader.download(entry);
  },
});
