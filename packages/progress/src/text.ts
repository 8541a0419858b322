import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';

const graphemes = new Intl.Segmenter();

/**
 * The columns that a text takes at most. Terminals disagree on joined emoji, and
 * cli-progress cuts a line at that many UTF-16 units: the larger count is safe for both.
 */
export function columnsOf(text: string): number {
  return Math.max(stringWidth(text), text.length);
}

/**
 * The text on one line. Names from files and servers reach the terminal: no escape sequence,
 * line end or reordering may.
 */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(
    /[\p{Control}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu,
    ' ',
  );
}

/** The text in at most so many columns, with an ellipsis where something is missing. */
export function shorten(text: string, columns: number): string {
  if (columnsOf(text) <= columns) return text;
  if (columns < 2) return '';
  let kept = '';
  let used = 1; // the ellipsis
  for (const { segment } of graphemes.segment(text)) {
    used += columnsOf(segment);
    if (used > columns) break;
    kept += segment;
  }
  return `${kept}…`;
}
