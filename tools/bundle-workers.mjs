/*
 * Puts the modules that a worker loads into few files. Node.js takes half a millisecond
 * for each module of a thread that starts, and some memory. They are CommonJS, which is
 * loaded a millisecond sooner than modules, and two in a process.
 *
 *   src/worker/thread-entry.ts and what it imports  ->  dist/worker/thread-entry.cjs
 *   src/wire/codec.ts, which workers load lazily    ->  dist/wire/codec.cjs
 *   what they import of src/core/                   ->  dist/core/runtime.cjs
 *   src/core/errors.ts, for the first error         ->  dist/core/errors.cjs
 *
 * The modules of tasks import those of core/, too, and must get the same classes and the
 * same context of the running task: so each of these files in dist/core/ exports what is in
 * the runtime, or in errors.cjs. The clock has nothing of that kind.
 */
import { rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

const source = fileURLToPath(
  new URL('../packages/executor/src/', import.meta.url),
);
const output = fileURLToPath(
  new URL('../packages/executor/dist/', import.meta.url),
);

const RUNTIME = 'core/runtime.cjs';
const ERRORS = 'core/errors.cjs';
const entries = ['worker/thread-entry', 'worker/process-entry', 'wire/codec'];

/** The modules of the runtime, as paths from the source. @type {Set<string>} */
const runtimeModules = new Set();

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
    if (module === 'core/errors.ts') {
      return { id: `../${ERRORS}`, external: true };
    }
    runtimeModules.add(module);
    return { id: `../${RUNTIME}`, external: true };
  },
};

const VIRTUAL = '\0runtime';

/** Has all modules of the runtime in it. @type {import('vite').Plugin} */
const runtimeEntry = {
  name: 'runtime-entry',
  enforce: 'pre',
  resolveId(id) {
    if (id === VIRTUAL) return VIRTUAL;
    return id === './errors.ts'
      ? { id: './errors.cjs', external: true }
      : undefined;
  },
  load(id) {
    if (id !== VIRTUAL) return undefined;
    return [...runtimeModules]
      .map((module) => `export * from ${JSON.stringify(source + module)};\n`)
      .join('');
  },
  // What few tasks need stays where it is.
  resolveDynamicImport: (id) => ({
    id: String(id).replace(/\.ts$/, '.js'),
    external: true,
  }),
  // What they import belongs to the runtime: it must exist once.
  moduleParsed({ id }) {
    if (id !== VIRTUAL) runtimeModules.add(relative(source, id));
  },
  /*
   * Has it load the errors when it needs one: two dozen classes take some 35 KB of each worker.
   * The codec loads them at once, as few need it without an error.
   */
  renderChunk(code) {
    const [statement, name] =
      /^let (\w+) = require\("\.\/errors\.cjs"\);$/m.exec(code) ?? [];
    if (statement === undefined) throw new Error('the runtime has no errors');
    const uses = code.matchAll(new RegExp(`\\b${name}\\.(\\w+)`, 'g'));
    const exported = new Set(Array.from(uses, ([, used]) => used));
    const getters = Array.from(
      exported,
      (used) => `get ${used}() { return require("./errors.cjs").${used}; }`,
    );
    const lazy = `let ${name} = { ${getters.join(', ')} };`;
    // In the same line, so that the source map stays true.
    return { code: code.replace(statement, lazy), map: null };
  },
};

/** What a file of the output exports. @param {string} file */
async function exportsOf(file) {
  const exported = await import(pathToFileURL(join(output, file)).href);
  return Object.keys(exported).filter(
    (name) => name !== 'default' && name !== 'module.exports',
  );
}

/**
 * Has a file of the output export these from a bundle in its folder.
 *
 * @param {string} file
 * @param {readonly string[]} names
 * @param {string} bundled
 */
async function exportFrom(file, names, bundled) {
  await writeFile(
    join(output, file),
    `export { ${names.join(', ')} } from './${basename(bundled)}';\n`,
  );
  await rm(join(output, `${file}.map`), { force: true });
}

/** Has the file of a module of the runtime export what the module exports. @param {string} module */
async function exportFromRuntime(module) {
  const file = module.replace(/\.ts$/, '.js');
  const names = await exportsOf(file);
  const exported = await exportsOf(RUNTIME);
  const missing = names.filter((name) => !exported.includes(name));
  // Also those that two modules export: `export *` leaves them out.
  if (missing.length > 0) {
    throw new Error(`${RUNTIME} does not export ${missing.join(', ')}`);
  }
  await exportFrom(file, names, RUNTIME);
}

/**
 * @param {string} input
 * @param {string} file
 * @param {import('vite').Plugin} [plugin]
 */
async function bundle(input, file, plugin) {
  await build({
    configFile: false,
    logLevel: 'warn',
    plugins: [plugin],
    build: {
      ssr: true,
      target: 'node20',
      sourcemap: true,
      outDir: join(output, dirname(file)),
      emptyOutDir: false,
      rolldownOptions: {
        input,
        external: [/^node:/, /\/codec\.cjs$/],
        output: {
          format: 'cjs',
          comments: false,
          // Without comments and spaces: V8 keeps the text of what it runs, for each worker. The
          // runtime has them: Node.js prints the line where an uncaught error was made.
          minify:
            file === RUNTIME || file === ERRORS
              ? false
              : { compress: false, mangle: false, codegen: true },
          banner: `'use strict';`, // as modules are
          entryFileNames: basename(file),
        },
      },
    },
  });
}

for (const entry of entries) {
  await bundle(`${source}${entry}.ts`, `${entry}.cjs`, modulesOfCore);
}
// Twice: the first time tells which modules these import.
await bundle(VIRTUAL, RUNTIME, runtimeEntry);
await bundle(VIRTUAL, RUNTIME, runtimeEntry);
await bundle(`${source}core/errors.ts`, ERRORS);
await exportFrom('core/errors.js', await exportsOf(ERRORS), ERRORS);
for (const module of runtimeModules) await exportFromRuntime(module);
