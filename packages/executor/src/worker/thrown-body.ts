import type { Codec } from '../wire/codec.ts';
import type { EncodeOptions } from '../wire/encode-options.ts';
import { lazyV8 } from '../wire/lazy-v8.ts';
import type { EncodedValue } from '../wire/encoded-value.ts';

/**
 * What was thrown, as the body of a message. Never throws: a task that has opened all files
 * that the program may have open keeps the codec from being loaded. Then the error is an
 * Error with the message and the stack of what was thrown, which V8 writes alone.
 */
export function thrownBody(
  thrown: unknown,
  codec: () => Codec,
  options: EncodeOptions,
): EncodedValue {
  let loaded: Codec;
  try {
    loaded = codec();
  } catch {
    return { bytes: lazyV8().serialize(bareError(thrown)) };
  }
  return loaded.encodeThrownBody(thrown, options);
}

function bareError(thrown: unknown): Error {
  try {
    if (!(thrown instanceof Error)) return new Error(String(thrown));
    const bare = new Error(thrown.message);
    if (thrown.stack !== undefined) bare.stack = thrown.stack;
    return bare;
  } catch {
    return new Error(typeof thrown); // its own code failed
  }
}
