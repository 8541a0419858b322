import { MultiBar, type SingleBar } from 'cli-progress';
import {
  sizeOf,
  type Display,
  type DisplayedBar,
  type ProgressStream,
} from './display.ts';

const REDRAWS_A_SECOND = 10;
/**
 * One: after a character in the last column the cursor waits on it, and erasing the rest of
 * the line erases that character. Two: the `^C` that the terminal shows must not wrap.
 */
const FREE_COLUMNS = 3;
const CLEAR_TO_END_OF_SCREEN = '\u001B[J';

/** cli-progress redraws by a timer, which must not keep the process alive. */
class BackgroundMultiBar extends MultiBar {
  // Set in `update`; cli-progress has no public way to reach it.
  declare private readonly timer: NodeJS.Timeout | null;

  override update(): void {
    super.update();
    this.timer?.unref();
  }
}

const displays = new WeakMap<ProgressStream, TerminalDisplay>();

/**
 * The open bars of one terminal, one below the other, drawn by cli-progress. Bars that find
 * no row wait until one is closed: the cursor cannot go back above the top of the screen.
 */
export class TerminalDisplay implements Display {
  readonly #stream: ProgressStream;
  readonly #drawn = new Map<DisplayedBar, SingleBar>();
  readonly #waiting = new Set<DisplayedBar>();
  readonly #multiBar: BackgroundMultiBar;

  /** Bars on the same terminal must share its display. */
  static of(stream: ProgressStream): TerminalDisplay {
    const display = displays.get(stream) ?? new TerminalDisplay(stream);
    displays.set(stream, display);
    return display;
  }

  private constructor(stream: ProgressStream) {
    this.#stream = stream;
    this.#multiBar = new BackgroundMultiBar({
      stream,
      fps: REDRAWS_A_SECOND,
      // Text written above moves the bars, so an unchanged line is drawn again too.
      forceRedraw: true,
      // The left-over rows when the last bar is closed; lasting lines are written above.
      clearOnComplete: true,
      // The three settings that would outlive a killed program or take over its Ctrl-C.
      hideCursor: false,
      linewrap: true,
      gracefulExit: false,
    });
  }

  open(bar: DisplayedBar): void {
    const rows = usableRows(this.#stream);
    if (this.#drawn.size > 0 && this.#drawn.size >= rows) {
      this.#waiting.add(bar);
      return;
    }
    // cli-progress makes NaN of an unknown total: its own counting stays unused.
    const drawn = this.#multiBar.create(0, 0, undefined, {
      format: () => bar.line(usableColumns(this.#stream)),
    });
    this.#drawn.set(bar, drawn);
    this.#multiBar.update();
  }

  refresh(): void {
    this.#multiBar.update();
  }

  close(bar: DisplayedBar): void {
    if (bar.leave) {
      const columns = usableColumns(this.#stream);
      this.write(bar.line(columns), this.#stream);
    }
    this.#waiting.delete(bar);
    const drawn = this.#drawn.get(bar);
    if (drawn === undefined) return;
    this.#drawn.delete(bar);
    this.#multiBar.remove(drawn);
    const [next] = this.#waiting;
    if (next !== undefined) {
      this.#waiting.delete(next);
      this.open(next);
    }
    if (this.#drawn.size === 0) this.#multiBar.stop();
  }

  write(text: string, stream: NodeJS.WritableStream): void {
    if (this.#drawn.size === 0) {
      stream.write(`${text}\n`);
      return;
    }
    // At that event the cursor is at the start of the first bar; all bars then follow below.
    this.#multiBar.once('redraw-pre', () => {
      this.#stream.write(CLEAR_TO_END_OF_SCREEN);
      stream.write(`${text}\n`);
    });
    this.#multiBar.update();
  }
}

/** The last row takes what cli-progress writes below the bars. */
function usableRows(stream: ProgressStream): number {
  return sizeOf(stream).rows - 1;
}

function usableColumns(stream: ProgressStream): number {
  return sizeOf(stream).columns - FREE_COLUMNS;
}
