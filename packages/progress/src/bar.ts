import {
  canRedraw,
  type Display,
  type DisplayedBar,
  type ProgressStream,
} from './display.ts';
import { renderLine } from './line.ts';
import { LogDisplay } from './log.ts';
import { MovingRate, perSecond } from './rate.ts';
import { TerminalDisplay } from './terminal.ts';

export interface ProgressBarOptions {
  /** The number of items expected. Unknown by default: no bar and no remaining time then. */
  total?: number | undefined;
  /** Shown before the bar. */
  description?: string | undefined;
  /** The name of one item, written right after numbers. Default `it`. */
  unit?: string | undefined;
  /** Whether large numbers get an SI prefix: `12.3kit`, `4.56MB`. Default false. */
  unitScale?: boolean | undefined;
  /** Whether the last line stays after the end. Default true. */
  leave?: boolean | undefined;
  /** Milliseconds before the bar appears; a shorter run shows nothing. Default 0. */
  delay?: number | undefined;
  /** Whether to show nothing at all; `write` still writes. Default false. */
  disable?: boolean | undefined;
  /** Milliseconds between two drawings at least. Default 100. */
  minInterval?: number | undefined;
  /** Where to draw. Default `process.stderr`, so that results on stdout stay clean. */
  stream?: ProgressStream | undefined;
  /** Shown after the numbers. */
  postfix?: string | undefined;
  /** Milliseconds since any fixed point. Default `performance.now`; for tests. */
  clock?: (() => number) | undefined;
}

const openBars = new Set<ProgressBar>();

/** The shell's prompt must not follow a bar on its line after `process.exit`. */
function closeOpenBars(): void {
  for (const bar of openBars) bar.close();
}

/**
 * A progress bar that is counted by hand, in the manner of Python's `tqdm(total=…)`.
 * For an iterable, see {@link progress}.
 *
 * On a terminal the line is redrawn in place; elsewhere a few plain lines are written.
 *
 * @throws RangeError if `total`, `delay` or `minInterval` is negative or not finite.
 */
export class ProgressBar implements Disposable {
  /** May be changed; shown from the next drawing on. */
  description: string;
  /** May be changed; shown from the next drawing on. */
  postfix: string;

  readonly #clock: () => number;
  readonly #stream: ProgressStream;
  readonly #display: Display;
  readonly #minInterval: number;
  readonly #rate = new MovingRate();
  readonly #startedAt: number;
  readonly #displayed: DisplayedBar;
  readonly #unit: string;
  readonly #unitScale: boolean;

  #total: number | undefined;
  #count = 0;
  /** The time from which an update draws; never, once nothing is to be shown. */
  #nextDrawAt: number;
  #shown = false;
  #closedAt: number | undefined;
  #delayTimer: NodeJS.Timeout | undefined;
  #drawn = { line: '', at: -Infinity, columns: -1 };

  constructor(options: ProgressBarOptions = {}) {
    const { delay = 0, minInterval = 100 } = options;
    requireNonNegative('delay', delay);
    requireNonNegative('minInterval', minInterval);
    this.total = options.total;
    this.description = options.description ?? '';
    this.postfix = options.postfix ?? '';
    this.#unit = options.unit ?? 'it';
    this.#unitScale = options.unitScale ?? false;
    this.#minInterval = minInterval;
    this.#clock = options.clock ?? (() => performance.now());
    this.#stream = options.stream ?? process.stderr;
    this.#display = displayFor(this.#stream);
    this.#startedAt = this.#clock();
    this.#displayed = {
      leave: options.leave ?? true,
      elapsed: () => this.#elapsed(),
      line: (columns) => this.#line(columns),
    };

    this.#nextDrawAt = Infinity;
    if (options.disable === true) return;
    this.#nextDrawAt = this.#startedAt + Math.max(delay, minInterval);
    if (openBars.size === 0) process.once('exit', closeOpenBars);
    openBars.add(this);
    if (delay === 0) {
      this.#show();
    } else {
      this.#delayTimer = setTimeout(() => {
        this.#show();
      }, delay).unref();
    }
  }

  /** The number of items so far. */
  get count(): number {
    return this.#count;
  }

  /** The number of items expected, undefined if unknown. May be changed. */
  get total(): number | undefined {
    return this.#total;
  }

  set total(total: number | undefined) {
    if (total !== undefined) requireNonNegative('total', total);
    this.#total = total;
  }

  get closed(): boolean {
    return this.#closedAt !== undefined;
  }

  /** Counts `n` more items. */
  update(n = 1): void {
    this.#count += n;
    const now = this.#clock();
    if (now < this.#nextDrawAt) return;
    this.#nextDrawAt = now + this.#minInterval;
    this.#rate.sample(this.#count, this.#elapsed());
    // A loop that never returns to the event loop has no timers: it is drawn from here.
    if (this.#shown) this.#display.refresh(this.#displayed);
    else this.#show();
  }

  /**
   * Writes a line above the bar, and above all others on the same terminal.
   *
   * @param stream Where to write; default the stream of the bar. `process.stdout` keeps
   *   results out of the bar's stream and still leaves the bar whole on a shared terminal.
   */
  write(text: string, stream: NodeJS.WritableStream = this.#stream): void {
    this.#display.write(text, stream);
  }

  /** Draws the last line, with the average rate of the whole run. Further calls do nothing. */
  close(): void {
    if (this.closed) return;
    this.#closedAt = this.#clock();
    this.#nextDrawAt = Infinity;
    clearTimeout(this.#delayTimer);
    openBars.delete(this);
    if (openBars.size === 0) process.off('exit', closeOpenBars);
    if (this.#shown) this.#display.close(this.#displayed);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #show(): void {
    this.#shown = true;
    clearTimeout(this.#delayTimer);
    this.#display.open(this.#displayed);
  }

  #elapsed(): number {
    return ((this.#closedAt ?? this.#clock()) - this.#startedAt) / 1000;
  }

  #line(columns?: number): string {
    const now = this.#clock();
    const isFresh =
      now - this.#drawn.at < this.#minInterval &&
      columns === this.#drawn.columns;
    // Drawings caused by other bars, by `write` and by the timer keep to the interval too.
    if (isFresh && !this.closed) return this.#drawn.line;
    const elapsed = this.#elapsed();
    const line = renderLine(
      {
        description: this.description,
        count: this.#count,
        total: this.#total,
        unit: this.#unit,
        unitScale: this.#unitScale,
        elapsed,
        rate: this.closed
          ? perSecond(this.#count, elapsed)
          : this.#rate.perSecond(this.#count, elapsed),
        postfix: this.postfix,
      },
      columns,
    );
    this.#drawn = { line, at: now, columns: columns ?? -1 };
    return line;
  }
}

function displayFor(stream: ProgressStream): Display {
  return canRedraw(stream)
    ? TerminalDisplay.of(stream)
    : new LogDisplay(stream);
}

function requireNonNegative(name: string, value: number): void {
  if (!Number.isFinite(value) || value < 0)
    throw new RangeError(
      `${name} must be a finite number, 0 or more; got ${String(value)}.`,
    );
}
