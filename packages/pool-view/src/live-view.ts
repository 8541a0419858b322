import { monotonicNow } from '@concurrent-executors/executor/observe';
import {
  canRedraw,
  MovingRate,
  type ProgressStream,
} from '@concurrent-executors/progress';
import { onExit } from 'signal-exit';
import { Activity } from './activity.ts';
import { Footer } from './footer.ts';
import { frame, totalLines, type FrameSettings } from './frame.ts';
import { inColor, withoutColor } from './paint.ts';

/** Milliseconds between two drawings. */
const INTERVAL = 200;

export interface LiveViewOptions {
  /** Stands in the first line. */
  readonly title: string;
  /** Where to draw. Default `process.stderr`, so that results on stdout stay clean. */
  readonly stream?: ProgressStream & { hasColors?(): boolean };
}

/**
 * What the executors of this program do, as `top` shows processes: totals and a line for
 * each worker, redrawn at the bottom of the terminal. What the program and its workers
 * print meanwhile stands above. Where nothing can be redrawn it says so, and shows nothing.
 *
 * It does not keep the program alive. At the end, also that by a signal, the terminal is
 * as before, and the totals are written as lines.
 */
export class LiveView implements Disposable {
  readonly #title: string;
  readonly #stream: NonNullable<LiveViewOptions['stream']>;
  readonly #startedAt = monotonicNow();
  readonly #rate = new MovingRate();
  #drawnAt = this.#startedAt;
  /** Undefined when it is closed, or never was to be seen. */
  #shown: Shown | undefined;

  constructor({ title, stream = process.stderr }: LiveViewOptions) {
    this.#title = title;
    this.#stream = stream;
    if (!canRedraw(stream)) {
      stream.write(
        `${title}: there is no live view, since the output for it is not a terminal\n`,
      );
      return;
    }
    this.#shown = {
      footer: new Footer(stream),
      activity: new Activity(() => {
        // A loop that never returns to the event loop has no timers.
        if (monotonicNow() - this.#drawnAt >= INTERVAL) this.#draw();
      }),
      timer: setInterval(() => {
        this.#draw();
      }, INTERVAL).unref(),
      forgetExit: onExit(() => {
        this.close();
      }),
    };
  }

  /** Restores the terminal and writes the totals. Further calls do nothing. */
  close(): void {
    if (this.#shown === undefined) return;
    const { footer, activity, timer, forgetExit } = this.#shown;
    this.#shown = undefined;
    clearInterval(timer);
    activity[Symbol.dispose]();
    footer.remove();
    const seconds = (monotonicNow() - this.#startedAt) / 1000;
    const settings = this.#settings(footer, activity.done / seconds);
    for (const line of totalLines(activity, settings))
      this.#stream.write(`${line}\n`);
    forgetExit();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #draw(): void {
    if (this.#shown === undefined) return;
    const { activity, footer } = this.#shown;
    this.#drawnAt = monotonicNow();
    const seconds = (this.#drawnAt - this.#startedAt) / 1000;
    this.#rate.sample(activity.done, seconds);
    const rate = this.#rate.perSecond(activity.done, seconds);
    footer.draw(frame(activity, this.#settings(footer, rate)));
  }

  #settings(footer: Footer, rate: number): FrameSettings {
    const now = monotonicNow();
    return {
      title: this.#title,
      elapsed: now - this.#startedAt,
      now,
      rate,
      columns: footer.columns,
      rows: footer.maxHeight,
      // It heeds NO_COLOR and FORCE_COLOR.
      paint: this.#stream.hasColors?.() === true ? inColor : withoutColor,
    };
  }
}

interface Shown {
  readonly footer: Footer;
  readonly activity: Activity;
  readonly timer: NodeJS.Timeout;
  readonly forgetExit: () => void;
}
