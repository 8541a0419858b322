/*
 * Carries what a task throws. The structured clone of an Error keeps only its
 * message and stack: it drops the class of subclasses, `code` and other own
 * properties, and the `errors` of an AggregateError.
 */
import { inspect } from 'node:util';
import { executorErrorClasses } from '../core/errors.ts';

interface EncodedError {
  readonly kind: 'error';
  /** The nearest class in the prototype chain that both sides know. */
  readonly class: string;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** Own enumerable properties, such as `code`. */
  readonly properties: Readonly<Record<string, unknown>>;
  readonly cause?: EncodedThrown;
  readonly errors?: readonly EncodedThrown[];
}

/** JavaScript throws anything; what is no Error travels as it is. */
export type EncodedThrown =
  EncodedError | { readonly kind: 'value'; readonly value: unknown };

/** The classes whose instances arrive as instances of the same class. */
const classes = new Map<string, { readonly prototype: Error }>(
  [
    Error,
    AggregateError,
    EvalError,
    RangeError,
    ReferenceError,
    SyntaxError,
    TypeError,
    URIError,
    ...executorErrorClasses,
  ].map((errorClass) => [errorClass.name, errorClass]),
);

/**
 * How deep causes and aggregated errors are followed. A chain can be a cycle.
 */
const MAX_DEPTH = 8;

const carriedApart = new Set(['message', 'stack', 'cause', 'errors']);

/**
 * @param display what to do with values that the transport refused: with true,
 *   everything but primitive values is replaced by its util.inspect text
 */
export function encodeThrown(
  thrown: unknown,
  { display = false } = {},
  depth = 0,
): EncodedThrown {
  const encodeValue = (value: unknown): unknown =>
    display && !isPlain(value) ? inspect(value) : value;
  if (!(thrown instanceof Error)) {
    return { kind: 'value', value: encodeValue(thrown) };
  }
  const properties: Record<string, unknown> = {};
  for (const key of Object.keys(thrown)) {
    if (!carriedApart.has(key)) {
      properties[key] = encodeValue(read(thrown, key));
    }
  }
  const encodeNested = (nested: unknown): EncodedThrown =>
    depth < MAX_DEPTH
      ? encodeThrown(nested, { display }, depth + 1)
      : { kind: 'value', value: inspect(nested) };
  const errors = read(thrown, 'errors');
  return {
    kind: 'error',
    class: classOf(thrown),
    name: String(read(thrown, 'name')),
    message: String(read(thrown, 'message')),
    stack: text(read(thrown, 'stack')),
    properties,
    ...('cause' in thrown ? { cause: encodeNested(thrown.cause) } : {}),
    ...(Array.isArray(errors) ? { errors: errors.map(encodeNested) } : {}),
  };
}

export function decodeThrown(encoded: EncodedThrown): unknown {
  if (encoded.kind === 'value') return encoded.value;
  const error = new Error(encoded.message);
  // Not the constructor of the class: it may want other arguments, or do more.
  Object.setPrototypeOf(
    error,
    classes.get(encoded.class)?.prototype ?? Error.prototype,
  );
  define(error, 'stack', encoded.stack);
  // Not Object.assign: a class may have a getter of that name.
  for (const [name, value] of Object.entries(encoded.properties)) {
    define(error, name, value, true);
  }
  if (error.name !== encoded.name) define(error, 'name', encoded.name);
  if (encoded.cause !== undefined) {
    define(error, 'cause', decodeThrown(encoded.cause));
  }
  if (encoded.errors !== undefined) {
    define(error, 'errors', encoded.errors.map(decodeThrown));
  }
  return error;
}

/** Sets an own property; an error's own ones are not enumerable. */
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

function classOf(error: Error): string {
  for (
    let prototype: unknown = Object.getPrototypeOf(error);
    prototype instanceof Object;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    const { name } = prototype.constructor;
    if (classes.get(name)?.prototype === prototype) return name;
  }
  return 'Error';
}

function isPlain(value: unknown): boolean {
  return (
    value === null || !['object', 'function', 'symbol'].includes(typeof value)
  );
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value of a property; a getter that throws gives what it threw as text. */
function read(error: object, key: string): unknown {
  try {
    return Reflect.get(error, key);
  } catch (thrown) {
    return inspect(thrown);
  }
}
