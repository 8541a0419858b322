import { valueText } from './numbers.mjs';

/** @typedef {import('./samples.mjs').Step} Step */

/** Of a terminal that does not know its width. */
const FALLBACK_COLUMNS = 80;

const CLEAR_LINE = '\r\u001B[K';

/**
 * How far the measurements are, on standard error: on a terminal one line that is drawn
 * again and again, elsewhere a line for each measurement that is done.
 */
export class Progress {
  #total;
  #done = 0;
  #stream = process.stderr;
  #start = performance.now();

  /** @param {number} total how many steps there are */
  constructor(total) {
    this.#total = total;
  }

  /** @param {Step} step */
  begin(step) {
    if (!this.#stream.isTTY) return;
    const line = `${this.#count(this.#done + 1)} ${nameOf(step)}${this.#rest()}`;
    const width = (this.#stream.columns || FALLBACK_COLUMNS) - 1;
    this.#stream.write(`${CLEAR_LINE}${line.slice(0, width)}`);
  }

  /**
   * @param {Step} step
   * @param {import('./run-program.mjs').Outcome | undefined} outcome none if the step
   *   was left out
   */
  end(step, outcome) {
    this.#done += 1;
    if (this.#stream.isTTY || outcome === undefined) return;
    console.error(
      `${this.#count(this.#done)} ${nameOf(step)}: ${textOf(step, outcome)}`,
    );
  }

  close() {
    if (this.#stream.isTTY) this.#stream.write(CLEAR_LINE);
  }

  /** @param {number} place */
  #count(place) {
    return `${String(place)}/${String(this.#total)}`;
  }

  /** As long as nothing is known of the pace, nothing. */
  #rest() {
    if (this.#done === 0) return '';
    const pace = (performance.now() - this.#start) / this.#done;
    const seconds = (pace * (this.#total - this.#done)) / 1_000;
    return seconds < 60
      ? `, ${seconds.toFixed(0)} s left`
      : `, ${(seconds / 60).toFixed(0)} min left`;
  }
}

/** @param {Step} step */
function nameOf({ round, measurement, column }) {
  const name =
    measurement.name ?? measurement.cases.map((of) => of.name).join(', ');
  return `round ${String(round + 1)}, ${name}, ${column.name}`;
}

/** @param {Step} step @param {import('./run-program.mjs').Outcome} outcome */
function textOf({ measurement }, outcome) {
  if ('error' in outcome) return outcome.error;
  return measurement.cases
    .map((of) => `${valueText(of, outcome.values[of.value] ?? NaN)} ${of.unit}`)
    .join(', ');
}
