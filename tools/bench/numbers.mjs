/** Three digits or more, as far as a measurement is worth. @param {number} value */
export function numberText(value) {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/**
 * Short times down to the millisecond.
 *
 * @param {{ readonly unit: string }} of
 * @param {number} value
 */
export const valueText = ({ unit }, value) =>
  unit === 's' && value < 10 ? value.toFixed(3) : numberText(value);

/** @param {number | null} ratio */
export const ratioText = (ratio) =>
  ratio === null ? '–' : `${numberText(ratio)}×`;
