const SI_PREFIXES = ['', 'k', 'M', 'G', 'T', 'P', 'E'] as const;

/** Three significant digits with an SI prefix: 512, 1.23k, 45.6M. */
function scaled(value: number): string {
  let power = 0;
  // 999.5 would be rounded to 1000, which has four digits.
  while (Math.abs(value) >= 999.5 && power < SI_PREFIXES.length - 1) {
    value /= 1000;
    power += 1;
  }
  if (power === 0 && Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  const decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
  return `${value.toFixed(decimals)}${SI_PREFIXES[power] ?? ''}`;
}

/** A number of items, without the noise of floating-point sums. */
export function formatCount(count: number, unitScale: boolean): string {
  return unitScale ? scaled(count) : String(Number(count.toFixed(2)));
}

/** `mm:ss`, or `h:mm:ss` from one hour on. */
export function formatDuration(seconds: number): string {
  const whole = Math.floor(seconds);
  const pad = (part: number) => String(part).padStart(2, '0');
  const hours = Math.floor(whole / 3600);
  const clock = `${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}`;
  return hours > 0 ? `${String(hours)}:${clock}` : clock;
}

/** `5.1it/s`, or `2.4s/it` below one a second. A rate of 0 is unknown: `?it/s`. */
export function formatRate(
  rate: number,
  unit: string,
  unitScale: boolean,
): string {
  if (rate <= 0) return `?${unit}/s`;
  const perSecond = rate >= 1;
  const value = perSecond ? rate : 1 / rate;
  const digits = unitScale ? scaled(value) : value.toFixed(value < 100 ? 1 : 0);
  return perSecond ? `${digits}${unit}/s` : `${digits}s/${unit}`;
}
