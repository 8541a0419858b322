import { types } from 'node:util';

/** What a module exports, by name. */
export type Exports = Readonly<Record<string, unknown>>;

/**
 * Options of Node.js that may change how modules are loaded, by import() alone perhaps. A
 * configuration file can have them, too.
 */
const HOOKS =
  /(^|\s)(-r|--(experimental-)?(require|import|loader|(default-)?config-file))\b/;

/**
 * The path in a plain URL of a file. Others go by import(), for which node:url need not be
 * loaded.
 */
const PATH = /^file:\/\/((?:\/[\w.@+~-]+)+\.m?js)$/;

/**
 * What require() throws instead of loading what import() can load, or for what import() has
 * an error of its own.
 */
const REFUSAL = /^(ERR_REQUIRE_|ERR_INTERNAL_ASSERTION$)/;

let isFirst = true;
/** The first module, if require() has loaded it, or run it in vain: it is not run again. */
let first:
  { readonly url: string; readonly exports: () => Exports } | undefined;

/**
 * Imports a module into this worker. It is the same one that import() gives.
 *
 * The first one is loaded by require() if it is an ES module in a file: the loader behind
 * import() takes 0.2 MB and about half a millisecond of a new worker, and most workers need no
 * other module. Later ones are not: while another module is being loaded, require()
 * may find it unfinished, and cannot wait for it.
 *
 * @throws what the module throws
 */
export async function loadModule(url: string): Promise<Exports> {
  if (isFirst) {
    isFirst = false;
    const path = PATH.exec(url)?.[1];
    if (path !== undefined && mayRequire()) first = requireModule(url, path);
  }
  if (first?.url === url) return first.exports();
  return (await import(url)) as Exports; // what a module namespace is
}

function mayRequire(): boolean {
  const options = [...process.execArgv, process.env['NODE_OPTIONS'] ?? ''];
  return (
    process.features.require_module &&
    // It warns of that, and an error of the module is an unhandled rejection there.
    !process.version.startsWith('v22.12.') &&
    !HOOKS.test(options.join(' '))
  );
}

/** Undefined for what import() has to load. */
function requireModule(url: string, path: string): typeof first {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- what import() would load besides is not to be loaded
    const exports: unknown = require(path);
    // import() finds out which names a CommonJS module exports.
    return types.isModuleNamespaceObject(exports)
      ? { url, exports: () => exports as Exports }
      : undefined;
  } catch (error) {
    if (isRefusal(error, path)) return undefined;
    return {
      url,
      exports() {
        throw error;
      },
    };
  }
}

function isRefusal(error: unknown, path: string): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  return (
    REFUSAL.test(String(error.code)) ||
    error.message.startsWith(`Cannot find module '${path}'`)
  );
}
