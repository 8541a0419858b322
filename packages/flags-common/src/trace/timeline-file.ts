import { readFileSync } from 'node:fs';
import { AtomicFile } from '@concurrent-executors/executor/observe';
import type { ExchangeTrace } from './exchange-trace.ts';
import type { Entry } from './page/entry.ts';
import { phaseDurations } from './phase-durations.ts';
import { withoutUserInfo } from './redaction.ts';

/** The page, as the build makes it; seen from here and from what tsc makes of this. */
const PAGE = new URL('../../dist/trace/timeline.html', import.meta.url);
const DATA_ELEMENT = '<script id="data" type="application/json">';

/**
 * Writes exchanges into one HTML page that shows them as a waterfall. The page needs
 * nothing else, and nothing of the data becomes markup or code. Credentials are left
 * out. The memory it needs does not grow with the number of exchanges; that of the
 * browser does.
 *
 * Disposing of it before {@link close} leaves no file.
 */
export class TimelineFile implements Disposable {
  readonly #file: AtomicFile;
  readonly #afterData: string;
  #separator = '\n';

  /**
   * @param title is shown at the top: what was run
   * @throws {FileWriteError} if there can be no such file
   */
  constructor(path: string, title: string) {
    const page = readFileSync(PAGE, 'utf8');
    const dataAt = page.indexOf(DATA_ELEMENT) + DATA_ELEMENT.length;
    this.#afterData = page.slice(dataAt);
    this.#file = new AtomicFile(path);
    this.#file.write(
      `${page.slice(0, dataAt)}{"title":${json(title)},"entries":[`,
    );
  }

  /** Never throws; {@link close} tells what went wrong. Does nothing after the end. */
  add(trace: ExchangeTrace): void {
    this.#file.write(this.#separator + json(entryOf(trace)));
    this.#separator = ',\n';
  }

  /**
   * Ends the file and gives it its name.
   *
   * @throws {FileWriteError} if this or an earlier write failed; no file is left
   */
  close(): void {
    this.#file.write(`\n]}${this.#afterData}`);
    this.#file.commit();
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

function entryOf(trace: ExchangeTrace): Entry {
  const { redirectUrl, error } = trace;
  return {
    label: trace.label,
    url: withoutUserInfo(trace.url),
    attempt: trace.attempt,
    startedAt: milliseconds(trace.startedAt),
    phases: Object.fromEntries(
      phaseDurations(trace.phases).map(([phase, duration]) => [
        phase,
        milliseconds(duration),
      ]),
    ),
    status: trace.status,
    statusText: trace.statusText,
    httpVersion: trace.httpVersion,
    bodyBytes: trace.bodyBytes,
    worker: trace.worker,
    redirectUrl: redirectUrl && withoutUserInfo(redirectUrl),
    serverAddress: trace.serverAddress,
    connection: trace.connection,
    error: error && withoutUserInfo(error),
  };
}

/** To the microsecond: more digits say nothing and make the page larger. */
function milliseconds(time: number): number {
  return Math.round(time * 1000) / 1000;
}

/** JSON that can stand in a script element: it cannot end it or open a comment. */
function json(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
