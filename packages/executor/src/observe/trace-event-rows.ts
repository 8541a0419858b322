import type {
  TraceEvent,
  TraceEventFile,
  TraceThread,
} from './trace-event-file.ts';

interface Row {
  readonly thread: TraceThread;
  firstStart: number;
  lastEnd: number;
}

/**
 * Rows of a trace for one worker. It has as many as it has ever done things at once,
 * because events on one row must not overlap. It needs no memory but for the rows, and
 * looks at each of them for each event.
 */
export class TraceEventRows {
  readonly #file: TraceEventFile;
  readonly #pid: number;
  readonly #name: string;
  readonly #sortIndex: number;
  readonly #rows: Row[] = [];

  /** @param sortIndex of the worker in its process */
  constructor(
    file: TraceEventFile,
    pid: number,
    name: string,
    sortIndex: number,
  ) {
    this.#file = file;
    this.#pid = pid;
    this.#name = name;
    this.#sortIndex = sortIndex;
  }

  /**
   * Adds it to the row that is free at its start, and of these to the one that was
   * busy last. With events in the order of their ends there cannot be fewer rows
   * (Carlisle and Lloyd, "On the k-coloring of intervals", 1995).
   *
   * @returns where it is, for events inside of it
   */
  addSpan(event: TraceEvent, startedAt: number, endedAt: number): TraceThread {
    let best: Row | undefined;
    for (const row of this.#rows) {
      const isFree = row.lastEnd <= startedAt;
      if (isFree && row.lastEnd >= (best?.lastEnd ?? -Infinity)) best = row;
    }
    best ??= this.#addRow();
    best.firstStart = Math.min(best.firstStart, startedAt);
    best.lastEnd = endedAt;
    this.#file.addSpan(best.thread, event, startedAt, endedAt);
    return best.thread;
  }

  /** Adds it before all others on the first row. It ends where they begin. */
  addBefore(event: TraceEvent, startedAt: number, endedAt: number): void {
    const { thread, firstStart } = this.#first();
    const end = Math.min(endedAt, firstStart);
    if (end > startedAt) this.#file.addSpan(thread, event, startedAt, end);
  }

  /** Adds it to the first row. */
  addMoment(event: TraceEvent, at: number): void {
    this.#file.addMoment(this.#first().thread, event, at);
  }

  #first(): Row {
    return this.#rows[0] ?? this.#addRow();
  }

  #addRow(): Row {
    const number = this.#rows.length + 1;
    const name =
      number === 1 ? this.#name : `${this.#name} (${String(number)})`;
    const thread = this.#file.addThread(this.#pid, name, this.#sortIndex);
    const row = { thread, firstStart: Infinity, lastEnd: -Infinity };
    this.#rows.push(row);
    return row;
  }
}
