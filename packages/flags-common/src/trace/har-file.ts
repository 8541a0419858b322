import { AtomicFile } from '@concurrent-executors/executor/observe';
import type { ExchangeTrace } from './exchange-trace.ts';
import { harEntry } from './har-entry.ts';

/** Entries that wait to be put in order are between this many and twice as many. */
const WINDOW = 500;

/** The program that made a HAR file. */
export interface HarCreator {
  readonly name: string;
  readonly version: string;
}

/**
 * Writes exchanges into a HAR 1.2 file, which the developer tools of browsers import.
 * Credentials are left out. The memory it needs does not grow with their number.
 *
 * Disposing of it before {@link close} leaves no file.
 */
export class HarFile implements Disposable {
  readonly #file: AtomicFile;
  #waiting: { readonly startedAt: number; readonly json: string }[] = [];
  #separator = '\n';

  /** @throws {FileWriteError} if there can be no such file */
  constructor(path: string, creator: HarCreator) {
    this.#file = new AtomicFile(path);
    // Firefox needs `pages`, although HAR does not.
    this.#file.write(
      `{"log":{"version":"1.2","creator":${JSON.stringify(creator)},"pages":[],"entries":[`,
    );
  }

  /** Never throws; {@link close} tells what went wrong. Does nothing after the end. */
  add(trace: ExchangeTrace): void {
    this.#waiting.push({
      startedAt: trace.startedAt,
      json: JSON.stringify(harEntry(trace)),
    });
    if (this.#waiting.length >= 2 * WINDOW) this.#write(WINDOW);
  }

  /**
   * Ends the file and gives it its name.
   *
   * @throws {FileWriteError} if this or an earlier write failed; no file is left
   */
  close(): void {
    this.#write(this.#waiting.length);
    this.#file.write('\n]}}\n');
    this.#file.commit();
  }

  [Symbol.dispose](): void {
    this.#waiting = [];
    this.#file[Symbol.dispose]();
  }

  /**
   * Writes those that started first. Exchanges come here in the order in which they
   * ended, HAR wants that of their starts: the window makes that true of all but
   * those that took longer than hundreds of others.
   */
  #write(count: number): void {
    this.#waiting.sort((a, b) => a.startedAt - b.startedAt);
    for (const { json } of this.#waiting.splice(0, count)) {
      this.#file.write(this.#separator + json);
      this.#separator = ',\n';
    }
  }
}
