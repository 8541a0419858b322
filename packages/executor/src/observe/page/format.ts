// Three digits, but all those before the point.
const number = new Intl.NumberFormat('en', {
  maximumSignificantDigits: 3,
  maximumFractionDigits: 0,
  roundingPriority: 'morePrecision',
});

export function formatNumber(value: number): string {
  return number.format(value);
}

/** @param milliseconds is shown in seconds from 1000 on; NaN is a dash */
export function formatDuration(milliseconds: number): string {
  if (Number.isNaN(milliseconds)) return '–';
  return milliseconds < 999.5
    ? `${number.format(milliseconds)} ms`
    : `${number.format(milliseconds / 1000)} s`;
}

/** "1 run", "2 runs". */
export function formatCount(count: number, noun: string): string {
  return `${number.format(count)} ${noun}${count === 1 ? '' : 's'}`;
}

export function formatPercent(share: number): string {
  return `${number.format(share * 100)} %`;
}

/**
 * Text from elsewhere, with an escape like \u{202e} for each character that would
 * not be seen, or would turn the order of the others around.
 */
export function visible(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
