/** In characters: an error's message may hold a whole document. */
const MAX_LENGTH = 500;

/** An error on one line: `TypeError: message`. What was thrown may be any value. */
export function describeError(error: unknown): string {
  const text =
    error instanceof Error
      ? `${error.name}: ${error.message}`
      : `thrown: ${printed(error)}`;
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= MAX_LENGTH ? line : `${line.slice(0, MAX_LENGTH)}…`;
}

/** Not by its toString(): an object's own may throw. */
function printed(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}
