import { writeSync } from 'node:fs';
import { task } from '@concurrent-executors/executor/task';
import {
  downloadOne,
  requireFound,
  type DownloadItem,
  type DownloadTarget,
} from '@concurrent-executors/flags-common';

/** Downloads one flag, prints its code from the worker, and returns it. */
export const downloadAndPrint = task(
  import.meta.url,
  async function downloadAndPrint(
    flag: DownloadItem,
    target: DownloadTarget,
  ): Promise<string> {
    requireFound(await downloadOne(flag, target));
    // Not console.log, which a worker sends to the main thread to print later.
    writeSync(1, `${flag.label} `);
    return flag.label;
  },
);
