/*
 * Puts the modules of a worker's entry into one file. Node.js takes half a millisecond
 * for each module of a thread that starts, which is a fourth of what a whole thread takes.
 *
 * Those of core/ stay modules of their own: the modules of tasks import them, too, and
 * must get the same classes and the same context of the running task. The clock has
 * nothing of that kind.
 */
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const source = fileURLToPath(
  new URL('../packages/executor/src/', import.meta.url),
);
const output = fileURLToPath(
  new URL('../packages/executor/dist/worker/', import.meta.url),
);

/** @type {import('vite').Plugin} */
const modulesOfCore = {
  name: 'modules-of-core',
  enforce: 'pre',
  resolveId(id, importer) {
    if (importer === undefined || !id.startsWith('.')) return undefined;
    const module = relative(source, join(dirname(importer), id));
    if (!module.startsWith('core/') || module === 'core/clock.ts') {
      return undefined;
    }
    return { id: `../${module.replace(/\.ts$/, '.js')}`, external: true };
  },
};

for (const entry of ['thread-entry', 'process-entry']) {
  await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [modulesOfCore],
    build: {
      ssr: true,
      target: 'node20',
      minify: false,
      sourcemap: true,
      outDir: output,
      emptyOutDir: false,
      rolldownOptions: {
        input: `${source}worker/${entry}.ts`,
        external: [/^node:/],
        output: { entryFileNames: `${entry}.js` },
      },
    },
  });
}
