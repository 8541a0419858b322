import { AtomicFile } from './atomic-file.ts';

/** What readers show of an event. */
export interface TraceEvent {
  readonly name: string;
  /** Readers can look for the events of a category. */
  readonly category: string;
  /** Details that readers show when the event is chosen. */
  readonly args: Readonly<Record<string, unknown>>;
}

/** A row of events; without `tid` what is about its process as a whole. */
export interface TraceThread {
  readonly pid: number;
  readonly tid?: number;
}

export interface TraceEventFileOptions {
  /** What was recorded. */
  readonly title: string;
  /** The moment that readers show as 0, in milliseconds, on the clock of the events. */
  readonly origin: number;
}

/**
 * Writes what happened when, in the JSON object format of Google's "Trace Event Format"
 * (https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU),
 * which https://ui.perfetto.dev and chrome://tracing read. They show processes, and in
 * each a row for each of its threads.
 *
 * All times are milliseconds of one clock. Nothing of the events is kept in memory.
 * Disposing of it before {@link close} leaves no file.
 */
export class TraceEventFile implements Disposable {
  readonly #file: AtomicFile;
  readonly #origin: number;
  /**
   * That of the process or thread that was added last. All ids differ, and none is 0:
   * Perfetto takes a thread with the id of its process for its main thread, and leaves
   * out thread 0.
   */
  #lastId = 0;
  #separator = '\n';

  /** @throws {FileWriteError} if there can be no such file */
  constructor(path: string, { title, origin }: TraceEventFileOptions) {
    this.#file = new AtomicFile(path);
    this.#origin = origin;
    this.#file.write(
      `{"displayTimeUnit":"ms","otherData":${JSON.stringify({ title })},"traceEvents":[`,
    );
  }

  /** Returns its pid. Readers show processes in the order in which they were added. */
  addProcess(name: string): number {
    const pid = this.#nextId();
    this.#write({ ph: 'M', pid, name: 'process_name', args: { name } });
    this.#write({
      ph: 'M',
      pid,
      name: 'process_sort_index',
      args: { sort_index: pid },
    });
    return pid;
  }

  /** @param sortIndex readers show the threads of a process in the order of these */
  addThread(pid: number, name: string, sortIndex: number): TraceThread {
    const tid = this.#nextId();
    this.#write({ ph: 'M', pid, tid, name: 'thread_name', args: { name } });
    this.#write({
      ph: 'M',
      pid,
      tid,
      name: 'thread_sort_index',
      args: { sort_index: sortIndex },
    });
    return { pid, tid };
  }

  /** On one thread, events may lie inside each other, and must not overlap otherwise. */
  addSpan(
    thread: TraceThread,
    event: TraceEvent,
    startedAt: number,
    endedAt: number,
  ): void {
    const start = this.#nanoseconds(startedAt);
    const duration = this.#nanoseconds(endedAt) - start;
    this.#write({
      ph: 'X',
      ...thread,
      ...jsonOf(event),
      ts: start / 1e3,
      dur: duration / 1e3,
    });
  }

  /** Something that took no time. */
  addMoment(thread: TraceThread, event: TraceEvent, at: number): void {
    this.#write({
      ph: 'i',
      s: thread.tid === undefined ? 'p' : 't',
      ...thread,
      ...jsonOf(event),
      ts: this.#nanoseconds(at) / 1e3,
    });
  }

  /**
   * Ends the file and gives it its name.
   *
   * @throws {FileWriteError} if this or an earlier write failed; no file is left
   */
  close(): void {
    this.#file.write('\n]}\n');
    this.#file.commit();
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Whole ones: what begins at the end of another event must not begin inside of it. */
  #nanoseconds(time: number): number {
    return Math.round((time - this.#origin) * 1e6);
  }

  #write(event: object): void {
    this.#file.write(this.#separator + JSON.stringify(event));
    this.#separator = ',\n';
  }
}

function jsonOf({ name, category, args }: TraceEvent) {
  return { name, cat: category, args };
}
