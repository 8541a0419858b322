#!/usr/bin/env node
import {
  downloadOne,
  outcomeOf,
  runProgram,
} from '@concurrent-executors/flags-common';

await runProgram({
  name: 'flags-seq',
  defaultConcurrency: 1,
  maxConcurrency: 1,
  async *downloadMany({ codes, target }) {
    for (const cc of codes) {
      yield await outcomeOf(cc, downloadOne(cc, target));
    }
  },
});
