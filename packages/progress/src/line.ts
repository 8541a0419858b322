import { formatCount, formatDuration, formatRate } from './format.ts';
import { columnsOf, plain, shorten } from './text.ts';

/** Everything a line shows. */
export interface LineState {
  readonly description: string;
  readonly count: number;
  /** Undefined when it is not known. */
  readonly total: number | undefined;
  readonly unit: string;
  readonly unitScale: boolean;
  /** Seconds. */
  readonly elapsed: number;
  /** Items a second; 0 when it is not known yet. */
  readonly rate: number;
  readonly postfix: string;
}

/** Columns that the bar keeps while the texts can be shortened. */
const COMFORTABLE_BAR = 10;
/** A bar with fewer columns says less than the percentage beside it: there is none then. */
const MIN_BAR = 3;
/** Columns of the description, with its separator, that count more than the bar. */
const KEPT_DESCRIPTION = 20;
/** Of `: ` after the description and of `, ` before the postfix. */
const SEPARATOR = 2;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** With its separator. */
function columnsWith(text: string): number {
  return text === '' ? 0 : columnsOf(text) + SEPARATOR;
}

function renderBar(fraction: number, columns: number): string {
  const eighths = Math.floor(fraction * columns * 8);
  const cells = '█'.repeat(eighths / 8) + (EIGHTHS[eighths % 8] ?? '');
  return cells.padEnd(columns);
}

/** The texts around the numbers. */
interface Texts {
  readonly description: string;
  readonly postfix: string;
}

const NO_TEXTS: Texts = { description: '', postfix: '' };

/** The description comes first; the postfix gets what it leaves. */
function shortenTexts(texts: Texts, columns: number): Texts {
  const description = shorten(texts.description, columns - SEPARATOR);
  const left = columns - columnsWith(description);
  return { description, postfix: shorten(texts.postfix, left - SEPARATOR) };
}

interface Numbers {
  /** Undefined without a usable total. */
  readonly fraction: number | undefined;
  readonly percent: string;
  readonly statistics: string;
}

function numbersOf(state: LineState): Numbers {
  const { count, total, unit, unitScale } = state;
  const counted = formatCount(count, unitScale);
  const elapsed = formatDuration(state.elapsed);
  const rate = formatRate(state.rate, unit, unitScale);
  // A count beyond the total proves the total wrong; half an item is floating-point noise.
  if (total === undefined || total === 0 || count >= total + 0.5)
    return {
      fraction: undefined,
      percent: '',
      statistics: `${counted}${unit} [${elapsed}, ${rate}`,
    };
  const fraction = Math.min(Math.max(count / total, 0), 1);
  const remaining =
    state.rate > 0
      ? formatDuration(Math.max(total - count, 0) / state.rate)
      : '?';
  return {
    fraction,
    // Rounded down: 100% means done.
    percent: `${String(Math.floor(fraction * 100)).padStart(3)}%`,
    statistics: `${counted}/${formatCount(total, unitScale)} [${elapsed}<${remaining}, ${rate}`,
  };
}

function join(numbers: Numbers, texts: Texts, bar?: string): string {
  const before = texts.description && `${texts.description}: `;
  const between = bar === undefined ? numbers.percent && ' ' : `|${bar}| `;
  const after = texts.postfix && `, ${texts.postfix}`;
  return `${before}${numbers.percent}${between}${numbers.statistics}${after}]`;
}

/**
 * One line of progress, in the manner of Python's tqdm:
 * `flags:  45%|████▌     | 9/20 [00:01<00:02, 5.1it/s, BR]`, or, without a usable
 * total, `flags: 9it [00:01, 5.1it/s, BR]`.
 *
 * @param columns The line takes no more. To fit, the postfix is shortened, then a long
 *   description, then the bar, then the rest. Without it, the line has no bar and its full length.
 */
export function renderLine(state: LineState, columns?: number): string {
  const numbers = numbersOf(state);
  const texts: Texts = {
    description: plain(state.description),
    postfix: plain(state.postfix),
  };
  if (columns === undefined) return join(numbers, texts);

  if (numbers.fraction !== undefined) {
    const room = columns - columnsOf(join(numbers, NO_TEXTS, ''));
    const kept = Math.min(columnsWith(texts.description), KEPT_DESCRIPTION);
    if (room - kept >= MIN_BAR) {
      const short = shortenTexts(texts, Math.max(room - COMFORTABLE_BAR, kept));
      const textColumns =
        columnsWith(short.description) + columnsWith(short.postfix);
      const bar = renderBar(numbers.fraction, room - textColumns);
      return join(numbers, short, bar);
    }
  }
  const room = columns - columnsOf(join(numbers, NO_TEXTS));
  return shorten(join(numbers, shortenTexts(texts, room)), columns);
}
