import type { KnownFile, Outcome } from '../download/outcome.ts';
import type { ExchangeTrace } from '../trace/exchange-trace.ts';
import { Manifest } from './manifest.ts';

/** Something that exchanges are written to. */
export interface TraceFile extends Disposable {
  add(trace: ExchangeTrace): void;
  close(): void;
}

/** All that a run writes about its downloads. Disposing of it ends what was not closed. */
export class Records implements Disposable {
  readonly #manifest: Manifest;
  readonly #traces: TraceFile[] = [];

  /**
   * @param manifest its path
   * @param traces open the other files
   * @throws {FileWriteError} if it cannot be read or written
   */
  constructor(manifest: string, traces: readonly (() => TraceFile)[]) {
    this.#manifest = new Manifest(manifest);
    try {
      for (const open of traces) this.#traces.push(open());
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Whether there is a file for exchanges. */
  get wantTraces(): boolean {
    return this.#traces.length > 0;
  }

  /** What an earlier run knows of the file of this URL. */
  known(url: string): KnownFile | undefined {
    return this.#manifest.find(url);
  }

  /** @throws {FileWriteError} if the disk is full, … */
  add(outcome: Outcome): void {
    this.#manifest.add(outcome);
  }

  trace(trace: ExchangeTrace): void {
    for (const file of this.#traces) file.add(trace);
  }

  /** @throws {FileWriteError} if the disk is full, … */
  close(): void {
    for (const file of this.#traces) file.close();
    this.#manifest.close();
  }

  /** After an error: keeps what can be kept, and tells of nothing more. */
  [Symbol.dispose](): void {
    for (const file of this.#traces) file[Symbol.dispose]();
    try {
      this.#manifest.close();
    } catch {
      // The first error is the one to tell.
    }
  }
}
