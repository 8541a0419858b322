/** Values of more bytes have a key of their own: in base64, in a queue, they cost five times as much. */
export const INLINE_BYTES = 65_536;

/** Redis holds all values in memory, and serves nobody else while it sends one. */
const MAX_BYTES = 64 * 2 ** 20;

/** How long values outside of queues are kept, in seconds. */
export const VALUE_TTL = 86_400;

/** How long the reply stream of a submitter outlives it, in seconds. */
export const REPLY_TTL = 3_600;

/** Why a value of so many bytes is not sent; undefined if it is. */
export function tooLarge(bytes: number): string | undefined {
  if (bytes <= MAX_BYTES) return undefined;
  return `it takes ${String(Math.ceil(bytes / 2 ** 20))} MiB, more than the ${String(MAX_BYTES / 2 ** 20)} MiB that can go through Redis: send a URL or a path`;
}
