import { task } from '@concurrent-executors/executor';
import { getCountryName, getFlag } from './client.ts';
import { Deadline } from './deadline.ts';
import { HttpStatusError } from './errors.ts';
import { saveFlag } from './files.ts';
import type { Outcome } from './outcome.ts';

/** Where flags come from and go to. Plain data: it crosses to the workers. */
export interface DownloadTarget {
  /** Address of the folder with one folder a country, without a slash at the end. */
  readonly baseUrl: string;
  /** Absolute path of an existing folder. */
  readonly directory: string;
  /** Limit for one whole download, in milliseconds. */
  readonly timeout: number;
  /** Save under the country's name in `metadata.json` instead of its code. */
  readonly names: boolean;
}

/**
 * Downloads one flag and saves it. A 404 is an outcome; every other failure is
 * thrown. A task, so an executor can run it in its workers.
 *
 * @throws {DownloadError} when this download failed
 * @throws {FileWriteError} when the file cannot be saved
 */
export const downloadOne = task(
  import.meta.url,
  async function downloadOne(
    cc: string,
    target: DownloadTarget,
  ): Promise<Outcome> {
    using deadline = new Deadline(target.timeout);
    try {
      const image = await getFlag(target.baseUrl, cc, deadline);
      const name = target.names
        ? await getCountryName(target.baseUrl, cc, deadline)
        : cc;
      saveFlag(target.directory, name, image);
      return { cc, status: 'OK' };
    } catch (error) {
      if (error instanceof HttpStatusError && error.status === 404) {
        return { cc, status: 'NOT_FOUND', url: error.url };
      }
      throw error;
    }
  },
);
