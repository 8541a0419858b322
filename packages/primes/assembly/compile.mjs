// Compiles the AssemblyScript of this folder.
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import binaryen from 'binaryen';

/**
 * So large that all functions are inlined into the loops: with calls they take twice as
 * long. The compiler alone inlines only what has a decorator, which TypeScript refuses.
 */
const INLINED_SIZE = 100;

/**
 * The bytes of a WebAssembly module.
 *
 * @param {string} entry a file of this folder
 */
export async function compile(entry) {
  /** @type {Uint8Array | undefined} */
  let compiled;
  const { error, stderr } = await asc.main(
    [
      entry,
      `--baseDir=${fileURLToPath(new URL('.', import.meta.url))}`,
      '--enable=simd',
      '--noAssert',
      '--noExportMemory',
      '--outFile=module.wasm',
      '--runtime=stub',
    ],
    {
      writeFile(_, contents) {
        compiled = /** @type {Uint8Array} */ (contents); // a .wasm is not text
      },
    },
  );
  if (error || !compiled) throw new Error(stderr.toString());
  const module = binaryen.readBinary(compiled);
  module.setFeatures(
    binaryen.Features.SIMD128 | binaryen.Features.NontrappingFPToInt,
  );
  binaryen.setOptimizeLevel(3);
  binaryen.setAlwaysInlineMaxSize(INLINED_SIZE);
  module.optimize();
  module.optimize(); // of what was inlined
  return module.emitBinary();
}
