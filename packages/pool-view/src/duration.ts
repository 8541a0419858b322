/** A duration in few characters: `840µs`, `12ms`, `1.2s`, `2m05s`, `1h02m`. */
export function shortDuration(milliseconds: number): string {
  if (milliseconds < 0.9995)
    return `${String(Math.round(milliseconds * 1000))}µs`;
  if (milliseconds < 999.5) return `${String(Math.round(milliseconds))}ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`;
  const minutes = Math.round(seconds / 60);
  return Math.round(seconds) < 3600
    ? parts(Math.round(seconds), 'm', 's')
    : parts(minutes, 'h', 'm');
}

function parts(amount: number, large: string, small: string): string {
  const rest = String(amount % 60).padStart(2, '0');
  return `${String(Math.floor(amount / 60))}${large}${rest}${small}`;
}
