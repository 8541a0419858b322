import { ErrorClassInvalidError } from './errors.ts';
import { ModuleRegistry } from './registry.ts';

/** A class of errors; how its constructor is called does not matter here. */
export type ErrorClass = abstract new (...args: never[]) => Error;

const registered = new ModuleRegistry<Error>();

/** The keys of the registered classes by their prototypes. */
const keys = new WeakMap<object, string>();

/**
 * Registers a class of errors, so that its instances keep their class on the way
 * between threads and processes: `instanceof` holds on each side that has loaded
 * the module. On a side that has not, the error becomes one of the nearest class
 * that is known there.
 *
 * Call it at the top level of the module that defines the class. An instance is
 * made anew without calling the constructor: its message, stack and own
 * properties arrive, private fields (`#field`) do not.
 *
 * @param moduleUrl `import.meta.url`
 * @returns the class
 * @example
 * export class PaymentError extends Error { … }
 * registerErrorClass(import.meta.url, PaymentError);
 * @throws ErrorClassInvalidError if it is no class of errors, if it has no name,
 *   or if the module has already registered another one of that name
 */
export function registerErrorClass<C extends ErrorClass>(
  moduleUrl: string,
  errorClass: C,
): C {
  const { name, prototype } = errorClass as {
    // The types exclude none of these mistakes in JavaScript.
    readonly name: unknown;
    readonly prototype: unknown;
  };
  if (!(prototype instanceof Error)) {
    throw new ErrorClassInvalidError(
      `registerErrorClass() in ${moduleUrl} got what is no class of errors: the class must extend Error`,
    );
  }
  if (typeof name !== 'string' || name === '') {
    throw new ErrorClassInvalidError(
      `registerErrorClass() in ${moduleUrl} got a class without a name: the other side finds a class by its name; write class PaymentError extends Error { … }`,
    );
  }
  const key = `${moduleUrl}#${name}`;
  if (!registered.add(key, prototype)) {
    throw new ErrorClassInvalidError(
      `registerErrorClass() in ${moduleUrl} got a second class named ${name}: names must be unique in a module; rename one`,
    );
  }
  keys.set(prototype, key);
  return errorClass;
}

/** Under which key the class with this prototype was registered. */
export function errorClassKey(prototype: object): string | undefined {
  return keys.get(prototype);
}

/** The prototype of the class that a module loaded here has registered under this key. */
export function errorClassPrototype(key: string): Error | undefined {
  return registered.get(key);
}
