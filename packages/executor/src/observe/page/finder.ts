import { bisector } from 'd3-array';
import { byId } from './dom.ts';
import { formatNumber } from './format.ts';
import type { Run } from './recording.ts';
import { search } from './search.ts';

const byStart = bisector(({ from }: Run) => from);

/** The search field: what matches, and going from one match to the next. */
export class Finder {
  readonly #runs: readonly Run[];
  readonly #found = byId('found', HTMLOutputElement);
  #matches: readonly Run[] | undefined;
  /** The same, to look one up. Undefined if nothing is searched for. */
  matching: ReadonlySet<Run> | undefined;

  constructor(runs: readonly Run[]) {
    this.#runs = runs;
  }

  search(text: string): void {
    this.#matches = search(this.#runs, text);
    this.matching = this.#matches && new Set(this.#matches);
  }

  /** Tells how many match, and which of them is chosen. */
  tell(chosen: Run | undefined): void {
    const matches = this.#matches;
    const index = chosen === undefined ? -1 : (matches?.indexOf(chosen) ?? -1);
    const count = formatNumber(matches?.length ?? 0);
    this.#found.value =
      matches === undefined
        ? ''
        : index === -1
          ? `${count} found`
          : `${formatNumber(index + 1)} of ${count}`;
  }

  /**
   * The next match, or the next of all runs, in the order of their starts. After the last
   * comes the first.
   *
   * @param time where to begin if none is chosen
   */
  step(chosen: Run | undefined, by: 1 | -1, time: number): Run | undefined {
    const runs = this.#matches ?? this.#runs;
    const now = chosen === undefined ? -1 : runs.indexOf(chosen);
    if (now !== -1) return runs.at((now + by) % runs.length);
    const next = byStart.left(runs, chosen?.from ?? time);
    return by === 1 ? (runs[next] ?? runs[0]) : runs.at(next - 1);
  }
}
