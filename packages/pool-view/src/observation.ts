import { resolve } from 'node:path';
import { OptionRangeError } from '@concurrent-executors/executor';
import {
  ChromeTraceFile,
  Recorder,
  TimelineFile,
  type SpanSink,
} from '@concurrent-executors/executor/observe';
import { onExit } from 'signal-exit';
import { LiveView } from './live-view.ts';
import type { ObservationOptions } from './options.ts';

export interface ObserveSettings {
  /** The name of the program, for its files, the live view and messages. */
  readonly title: string;
  /** Get the runs of tasks and the workers as well. */
  readonly sinks?: readonly SpanSink[];
}

/**
 * Observes all executors of this program from now on, in the ways that were asked for;
 * so it is to be called before there is any executor.
 *
 * @throws FileWriteError if a file cannot be written
 */
export function observe(
  options: ObservationOptions,
  settings: ObserveSettings,
): Observation {
  return new Observation(options, settings);
}

/** A file of spans that is whole when it is closed, and removed when it is disposed of. */
interface SpanFile extends SpanSink, Disposable {
  close(): void;
}

interface NamedFile {
  /** The option that asked for it. */
  readonly kind: 'trace' | 'timeline';
  readonly path: string;
  readonly file: SpanFile;
}

/**
 * What observes a run. It ends with the program at the latest: a run that is ended by
 * `process.exit` or a signal, as Ctrl-C sends one, keeps its files, with tasks that are
 * unfinished.
 */
export class Observation implements Disposable {
  readonly #title: string;
  readonly #files: NamedFile[];
  readonly #recorder: Recorder | undefined;
  readonly #live: LiveView | undefined;
  #forgetExit: () => void = () => undefined;
  #ended = false;

  constructor(
    options: ObservationOptions,
    { title, sinks = [] }: ObserveSettings,
  ) {
    this.#title = title;
    this.#files = openFiles(options, title);
    const all = [...this.#files.map(({ file }) => file), ...sinks];
    if (all.length > 0) this.#recorder = new Recorder(all);
    if (options.live === true) this.#live = new LiveView({ title });
    // With a handler, a signal waits for the event loop: not without files to complete.
    if (this.#files.length > 0)
      this.#forgetExit = onExit(() => {
        this.#closeAtExit();
      });
  }

  /**
   * Ends the observation: completes the files and tells their names on standard error.
   * Further calls do nothing.
   *
   * @throws the first error, if files could not be written; the others are complete
   */
  close(): void {
    if (!this.#end()) return;
    const failures = this.#files.flatMap(({ kind, path, file }) => {
      try {
        file.close();
      } catch (error) {
        return [error];
      }
      process.stderr.write(`${kind}: ${path}\n`);
      return [];
    });
    if (failures.length > 0) throw failures[0];
  }

  /** Ends the observation, and drops the files unless they are closed. */
  [Symbol.dispose](): void {
    if (!this.#end()) return;
    for (const { file } of this.#files) file[Symbol.dispose]();
  }

  /** @returns whether this is the first time */
  #end(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#forgetExit();
    this.#live?.close();
    this.#recorder?.stop();
    return true;
  }

  #closeAtExit(): void {
    try {
      this.close();
    } catch (error) {
      // Nobody is left to catch it.
      const reason = error instanceof Error ? error.message : String(error);
      process.stderr.write(`${this.#title}: error: ${reason}\n`);
    }
  }
}

function openFiles(
  { trace, timeline }: ObservationOptions,
  title: string,
): NamedFile[] {
  if (
    trace !== undefined &&
    timeline !== undefined &&
    resolve(trace) === resolve(timeline)
  ) {
    throw new OptionRangeError(
      `trace and timeline need different files; both are ${trace}`,
    );
  }
  const files: NamedFile[] = [];
  try {
    if (trace !== undefined) {
      const file = new ChromeTraceFile(trace, { title });
      files.push({ kind: 'trace', path: trace, file });
    }
    if (timeline !== undefined) {
      const file = new TimelineFile(timeline, { title });
      files.push({ kind: 'timeline', path: timeline, file });
    }
    return files;
  } catch (error) {
    for (const { file } of files) file[Symbol.dispose]();
    throw error;
  }
}
