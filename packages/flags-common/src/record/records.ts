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
  readonly #traces: readonly TraceFile[];

  /**
   * @param manifest its path
   * @throws {FileWriteError} if it cannot be read or written
   */
  constructor(manifest: string, traces: readonly TraceFile[]) {
    this.#traces = traces;
    this.#manifest = new Manifest(manifest);
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
  }

  [Symbol.dispose](): void {
    for (const file of this.#traces) file[Symbol.dispose]();
    this.#manifest.close();
  }
}
