/**
 * What the header `Retry-After` asks for, in milliseconds from now: a number of
 * seconds or a date (RFC 9110, 10.2.3). Undefined if it is neither.
 */
export function retryAfterOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const time = Date.parse(value);
  return Number.isNaN(time) ? undefined : Math.max(0, time - Date.now());
}
