import { writeSync } from 'node:fs';
import { task } from '@concurrent-executors/executor';
import {
  downloadOne,
  outcomeOf,
  requireOk,
  type DownloadTarget,
} from '@concurrent-executors/flags-common';

/** Downloads one flag, prints its code from the worker, and returns it. */
export const downloadAndPrint = task(
  import.meta.url,
  async function downloadAndPrint(
    cc: string,
    target: DownloadTarget,
  ): Promise<string> {
    requireOk(await outcomeOf(cc, downloadOne(cc, target)));
    // Not console.log, which a worker sends to the main thread to print later.
    writeSync(1, `${cc} `);
    return cc;
  },
);
