/*
 * The module that an inline function travels as: a data: URL, which a worker
 * imports like any other module. It exports the function as its default.
 */
import { Script } from 'node:vm';
import { InlineCaptureError, TaskInvalidError } from './errors.ts';
import { INLINE_PREFIX } from './inline-url.ts';

type AnyFunction = (...args: readonly unknown[]) => unknown;

/**
 * @param name of the function, for stack traces and messages
 * @throws TaskInvalidError if the source of the function does not stand alone
 */
export function inlineModule(
  name: string,
  fn: (...args: never[]) => unknown,
): string {
  // Not fn.toString(): that may be overridden.
  const source = Function.prototype.toString.call(fn);
  if (/\{\s*\[native code\]\s*\}$/.test(source)) {
    throw new TaskInvalidError(
      `inline() got ${name}, a native or bound function, which has no source text: wrap it in a function that calls it`,
    );
  }
  if (/^class\b/.test(source)) {
    throw new TaskInvalidError(
      `inline() got the class ${name}: wrap it in a function that calls new ${name}(…)`,
    );
  }
  const code = [source, methodAlone(source)].map(
    (expression) => `export default (${expression}\n);`,
  );
  const valid = code.find((text) => compileError(text) === undefined);
  if (valid === undefined) {
    const cause = compileError(code[0] ?? '');
    throw new TaskInvalidError(
      `inline() got function ${name}, whose source does not compile on its own: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    );
  }
  // Without a sourceURL each line of a stack would show the whole source.
  const sourceUrl = `\n//# sourceURL=inline/${encodeURIComponent(name)}`;
  return INLINE_PREFIX + encodeURIComponent(valid + sourceUrl);
}

/** A method stands for itself only in an object: `double(n) { … }`, `async *[key]() { … }`. */
function methodAlone(source: string): string {
  return `((object) => {
  const [key] = Reflect.ownKeys(object);
  const { value, get, set } = Reflect.getOwnPropertyDescriptor(object, key);
  return value ?? get ?? set;
})({ ${source}
})`;
}

/** Compiles and does not run it. */
function compileError(code: string): unknown {
  try {
    // A script: vm has no stable way to compile a module. Both are strict here.
    new Script(code.replace('export default', "'use strict';"));
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * Imports an inline function.
 *
 * @returns it with `this` undefined; where it uses a variable that it has left
 *   behind, it throws an InlineCaptureError
 */
export async function loadInline(
  moduleUrl: string,
  name: string,
): Promise<AnyFunction> {
  const explained = (error: unknown): unknown =>
    captureError(error, moduleUrl, name) ?? error;
  try {
    const module = (await import(moduleUrl)) as { default: AnyFunction }; // inlineModule made it
    return async (...args) => {
      try {
        return await Reflect.apply(module.default, undefined, args);
      } catch (error) {
        throw explained(error);
      }
    };
  } catch (error) {
    throw explained(error); // from a computed name of a method
  }
}

/** What tools for coverage, test runs and older targets put into functions. */
const ofTools =
  /^(?:cov_|stryMutAct_|stryCov_|tslib_|__|_(?:async_?to_?generator|class_?call_?check|define_?property|interop_?require|object_?spread|regenerator|to_?consumable))/i;

const ofCommonJs = /^(?:require|module|exports|__dirname|__filename)$/;

function captureError(
  error: unknown,
  moduleUrl: string,
  fn: string,
): InlineCaptureError | undefined {
  if (!(error instanceof ReferenceError)) return undefined;
  const [, variable] = /^(\S+) is not defined/.exec(error.message) ?? [];
  // Else it comes from a module that the function imports.
  if (variable === undefined) return undefined;
  if (!decodeURIComponent(moduleUrl).includes(variable)) return undefined;
  let remedy = 'pass it as an argument';
  if (ofCommonJs.test(variable)) {
    remedy = 'only CommonJS modules have it; use await import(…)';
  } else if (ofTools.test(variable)) {
    remedy =
      'a tool for coverage, tests or older targets has put it there; exclude the file from that, or make the function a task() in a module';
  }
  return new InlineCaptureError(
    `inline function ${fn} uses '${variable}', which does not exist in a worker: ${remedy}`,
    { cause: error },
  );
}
