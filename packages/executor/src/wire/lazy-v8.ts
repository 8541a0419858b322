type V8 = typeof import('node:v8');

let loaded: V8 | undefined;

/**
 * The module node:v8, which most programs need for none of their values: a new worker takes
 * 1 to 3 ms and a quarter of a megabyte to load it.
 */
export function lazyV8(): V8 {
  loaded ??= process.getBuiltinModule('node:v8');
  return loaded;
}
