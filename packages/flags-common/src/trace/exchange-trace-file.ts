import {
  TraceEventFile,
  TraceEventRows,
  type TraceEvent,
} from '@concurrent-executors/executor/observe';
import type { ExchangeTrace } from './exchange-trace.ts';
import { phaseDurations } from './phase-durations.ts';
import { withoutUserInfo } from './redaction.ts';

/**
 * Writes exchanges for https://ui.perfetto.dev and chrome://tracing: a row for each
 * worker, or as many as it had exchanges at once, with a bar for each exchange and its
 * phases inside. Credentials are left out. The memory it needs does not grow with the
 * number of exchanges.
 *
 * Disposing of it before {@link close} leaves no file.
 */
export class ExchangeTraceFile implements Disposable {
  readonly #file: TraceEventFile;
  readonly #pid: number;
  readonly #rows = new Map<string, TraceEventRows>();

  /**
   * @param title names the process: what was run
   * @throws {FileWriteError} if there can be no such file
   */
  constructor(path: string, title: string) {
    // The clock of ExchangeTrace.startedAt; Date.now() may be set.
    const origin = performance.timeOrigin + performance.now();
    this.#file = new TraceEventFile(path, { title, origin });
    this.#pid = this.#file.addProcess(title);
  }

  /** Never throws; {@link close} tells what went wrong. Does nothing after the end. */
  add(trace: ExchangeTrace): void {
    const { startedAt, worker } = trace;
    const phases = phaseDurations(trace.phases);
    const endedAt = phases.reduce((end, [, time]) => end + time, startedAt);
    const thread = this.#rowsOf(worker).addSpan(
      eventOf(trace),
      startedAt,
      endedAt,
    );
    let start = startedAt;
    for (const [name, duration] of phases) {
      // The same sum as above: a phase must not end after its exchange.
      const end = start + duration;
      const event = { name, category: 'phase', args: {} };
      this.#file.addSpan(thread, event, start, end);
      start = end;
    }
  }

  /**
   * Ends the file and gives it its name.
   *
   * @throws {FileWriteError} if this or an earlier write failed; no file is left
   */
  close(): void {
    this.#file.close();
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #rowsOf(worker: string): TraceEventRows {
    let rows = this.#rows.get(worker);
    if (rows === undefined) {
      const index = this.#rows.size;
      rows = new TraceEventRows(this.#file, this.#pid, worker, index);
      this.#rows.set(worker, rows);
    }
    return rows;
  }
}

function eventOf(trace: ExchangeTrace): TraceEvent {
  const { label, url, attempt, status, bodyBytes, connection, error } = trace;
  return {
    name: label,
    category: 'exchange',
    args: {
      url: withoutUserInfo(url),
      attempt,
      status,
      bodyBytes,
      connection,
      error: error && withoutUserInfo(error),
    },
  };
}
