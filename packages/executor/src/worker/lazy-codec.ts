import type { Codec } from '../wire/codec.ts';

let loaded: Codec | undefined;

/**
 * The codec, which tasks with small arguments and results need not: to load it, and the
 * classes of errors with it, takes a new process two milliseconds of fifty, and 0.1 MB.
 *
 * @throws what keeps it from being loaded
 */
export function lazyCodec(): Codec {
  loaded ??= load();
  return loaded;
}

/** See tools/bundle-workers.mjs: workers run CommonJS, where require() can be lazy. */
function load(): Codec {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- import() is not synchronous
  const module = require('../wire/codec.cjs') as { readonly codec: Codec };
  return module.codec;
}
