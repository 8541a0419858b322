/*
 * Carries what a task throws. The structured clone of an Error keeps only its
 * message and stack: it drops the class of subclasses, `code` and other own
 * properties, and the `errors` of an AggregateError.
 *
 * An encoded error may refer to itself and stand in several places, as the error
 * did: what carries it must keep references, as V8's serializer does.
 */
import { isNativeError } from 'node:util/types';
import { errorClassKey, errorClassPrototype } from '../core/error-classes.ts';
import { executorErrorClasses } from '../core/errors.ts';
import { inspect } from './inspect.ts';

interface EncodedError {
  readonly kind: 'error';
  /** Keys of the known classes in its prototype chain, the nearest first. */
  readonly classes: readonly string[];
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Its own enumerable properties, such as `code`, and `cause` and `errors`. */
  readonly properties: readonly EncodedProperty[];
}

interface EncodedProperty {
  readonly key: string;
  readonly enumerable: boolean;
  /** A list stands for an array with errors in it. */
  readonly value: EncodedThrown | readonly EncodedThrown[];
}

/** JavaScript throws anything; what is no Error travels as it is. */
export type EncodedThrown =
  EncodedError | { readonly kind: 'value'; readonly value: unknown };

export interface EncodeThrownOptions {
  /**
   * Which values are replaced by their util.inspect text, because they cannot be
   * carried; `true`: all but primitive ones. An error in them is always taken
   * apart.
   */
  readonly display?: boolean | ((value: unknown) => boolean);
}

/** The classes that every side knows. */
const builtInClasses = [
  Error,
  AggregateError,
  DOMException,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  ...executorErrorClasses,
];
const builtInKeys = new Map<object, string>(
  builtInClasses.map(({ name, prototype }) => [prototype, name]),
);
const builtInPrototypes = new Map<string, object>(
  builtInClasses.map(({ name, prototype }) => [name, prototype]),
);

/**
 * How many errors lie in each other at most; the rest becomes text. V8 writes
 * deeper objects than it reads.
 */
const MAX_DEPTH = 100;

const carriedApart = new Set(['message', 'stack', 'cause', 'errors']);

/** An Error, also one of another realm, such as a `vm` context. */
export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error || isNativeError(value);
  } catch {
    return false; // a proxy that refuses to answer
  }
}

export function encodeThrown(
  thrown: unknown,
  { display = false }: EncodeThrownOptions = {},
): EncodedThrown {
  const displayed =
    typeof display === 'function'
      ? display
      : (value: unknown) => display && !isPrimitive(value);
  /** The errors that were met: a chain of causes can be a cycle. */
  const encoded = new Map<Error, EncodedError>();

  function encode(value: unknown, depth: number): EncodedThrown {
    if (!isError(value)) {
      return { kind: 'value', value: displayed(value) ? shown(value) : value };
    }
    if (depth > MAX_DEPTH) return { kind: 'value', value: shown(value) };
    return encoded.get(value) ?? encodeError(value, depth);
  }

  function encodeError(error: Error, depth: number): EncodedError {
    const properties: EncodedProperty[] = [];
    const found: EncodedError = {
      kind: 'error',
      classes: classesOf(error),
      name: text(read(error, 'name')),
      message: text(read(error, 'message')),
      stack: stackOf(error),
      properties,
    };
    encoded.set(error, found);
    const add = (key: string, value: unknown): void => {
      properties.push({
        key,
        enumerable: Object.prototype.propertyIsEnumerable.call(error, key),
        value:
          Array.isArray(value) && (key === 'errors' || value.some(isError))
            ? value.map((element) => encode(element, depth + 1))
            : encode(value, depth + 1),
      });
    };
    for (const key of Object.keys(error)) {
      if (!carriedApart.has(key)) add(key, read(error, key));
    }
    if ('cause' in error) add('cause', read(error, 'cause'));
    const errors = read(error, 'errors');
    if (Array.isArray(errors)) add('errors', errors);
    return found;
  }

  return encode(thrown, 0);
}

export function decodeThrown(thrown: EncodedThrown): unknown {
  const decoded = new Map<EncodedError, Error>();

  function decode(encoded: EncodedThrown): unknown {
    if (encoded.kind === 'value') return encoded.value;
    return decoded.get(encoded) ?? decodeError(encoded);
  }

  function decodeError(encoded: EncodedError): Error {
    const error = revive(encoded);
    decoded.set(encoded, error);
    for (const { key, enumerable, value } of encoded.properties) {
      define(
        error,
        key,
        Array.isArray(value)
          ? value.map(decode)
          : decode(value as EncodedThrown), // isArray does not exclude readonly arrays
        enumerable,
      );
    }
    if (error.name !== encoded.name) define(error, 'name', encoded.name);
    return error;
  }

  return decode(thrown);
}

/** An error of the nearest class that is known here, without its own properties. */
function revive({ classes, message, name, stack }: EncodedError): Error {
  // Not the constructor of the class: it may want other arguments, or do more.
  // But message, name and code of a DOMException are private to it.
  const error = classes.includes('DOMException')
    ? new DOMException(message, name)
    : new Error(message);
  const known = classes.map(
    (key) => builtInPrototypes.get(key) ?? errorClassPrototype(key),
  );
  Object.setPrototypeOf(
    error,
    known.find((prototype) => prototype !== undefined) ?? Error.prototype,
  );
  define(error, 'stack', stack);
  return error;
}

/**
 * Sets an own property. Not by assignment: a class may have a getter of that
 * name, and an error's own properties are not enumerable.
 */
function define(
  error: Error,
  name: string,
  value: unknown,
  enumerable = false,
): void {
  Object.defineProperty(error, name, {
    value,
    enumerable,
    configurable: true,
    writable: true,
  });
}

function classesOf(error: Error): string[] {
  const classes: string[] = [];
  for (
    let prototype: unknown = Object.getPrototypeOf(error);
    typeof prototype === 'object' && prototype !== null;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const key = builtInKeys.get(prototype) ?? errorClassKey(prototype);
    if (key !== undefined) classes.push(key);
  }
  return classes;
}

export function isPrimitive(value: unknown): boolean {
  switch (typeof value) {
    case 'object':
      return value === null;
    case 'function':
    case 'symbol': // no transport carries it
      return false;
    default:
      return true;
  }
}

function stackOf(error: Error): string | undefined {
  const stack = read(error, 'stack');
  return typeof stack === 'string' ? stack : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : shown(value);
}

/** The value of a property; a getter that throws gives what it threw as text. */
function read(error: object, key: string): unknown {
  try {
    return Reflect.get(error, key);
  } catch (thrown) {
    return shown(thrown);
  }
}

function shown(value: unknown): string {
  try {
    return inspect(value);
  } catch {
    return `a ${typeof value} that cannot be shown`; // its own inspect function throws
  }
}
