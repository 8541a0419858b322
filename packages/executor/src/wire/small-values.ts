/*
 * Values that fit into a few bytes of shared memory, where they cost a tenth of
 * what a message costs. Only primitives: to read them runs no code of the user's,
 * and nobody can change them while they are on their way.
 *
 * | kind     | followed by                            |
 * | -------- | -------------------------------------- |
 * | constant | its index: undefined, null, false, true |
 * | number   | 8 bytes                                |
 * | bigint   | 8 bytes, if it has no more             |
 * | latin1   | length, a byte for each character      |
 * | utf16    | length, two bytes for each character   |
 */

export type SmallValue = undefined | null | boolean | number | bigint | string;

/** Bytes for the arguments or the result of a task. */
export const SMALL_BYTES = 100;

const CONSTANT = 0;
const NUMBER = 1;
const BIGINT = 2;
const LATIN1 = 3;
const UTF16 = 4;

const constants: readonly SmallValue[] = [undefined, null, false, true];

/** Bytes that the value takes here; Infinity if it is not one of these values. */
function smallSize(value: unknown): number {
  switch (typeof value) {
    case 'number':
      return 9;
    case 'undefined':
    case 'boolean':
      return 2;
    case 'string':
      // As if it were not latin1: to know that, all of it must be looked at.
      return 2 + 2 * value.length;
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? 9 : Infinity;
    default:
      return value === null ? 2 : Infinity;
  }
}

export function isSmall(value: unknown): boolean {
  return smallSize(value) <= SMALL_BYTES;
}

/**
 * The arguments of a task that has none, or several. The only argument stands for itself: an
 * array for each task would be felt.
 */
export class Several {
  readonly values: readonly unknown[];

  constructor(values: readonly unknown[]) {
    this.values = values;
  }
}

/**
 * Whether all of them together are small. Their count takes a byte, too.
 *
 * @param args the only one, or Several
 */
export function areSmall(args: unknown): boolean {
  if (!(args instanceof Several)) return smallSize(args) < SMALL_BYTES;
  let bytes = 1;
  for (const value of args.values) {
    bytes += smallSize(value);
    if (bytes > SMALL_BYTES) return false;
  }
  return true;
}

/** Writes and reads small values. */
export class SmallValues {
  readonly #view: DataView;
  readonly #text: Buffer;
  /** Where the next value is written or read. */
  #at = 0;

  /** @param memory a view on all of it */
  constructor(memory: Buffer) {
    this.#view = new DataView(
      memory.buffer,
      memory.byteOffset,
      memory.byteLength,
    );
    this.#text = memory;
  }

  /** @param value for which isSmall() was true */
  writeOne(at: number, value: unknown): void {
    this.#at = at;
    this.#write(value);
  }

  readOne(at: number): SmallValue {
    this.#at = at;
    return this.#read();
  }

  /** @param args for which areSmall() was true */
  writeAll(at: number, args: unknown): void {
    this.#at = at + 1;
    if (args instanceof Several) {
      this.#view.setUint8(at, args.values.length);
      for (const value of args.values) this.#write(value);
    } else {
      this.#view.setUint8(at, 1);
      this.#write(args);
    }
  }

  readAll(at: number): SmallValue[] {
    const length = this.#view.getUint8(at);
    this.#at = at + 1;
    // An array that grows takes memory for 17 elements at once.
    if (length === 1) return [this.#read()];
    const values: SmallValue[] = [];
    for (let index = 0; index < length; index += 1) values.push(this.#read());
    return values;
  }

  #write(value: unknown): void {
    const view = this.#view;
    const at = this.#at;
    switch (typeof value) {
      case 'number':
        view.setUint8(at, NUMBER);
        view.setFloat64(at + 1, value);
        this.#at = at + 9;
        return;
      case 'bigint':
        view.setUint8(at, BIGINT);
        view.setBigInt64(at + 1, value);
        this.#at = at + 9;
        return;
      case 'string':
        this.#writeText(value);
        return;
      default:
        view.setUint8(at, CONSTANT);
        view.setUint8(at + 1, constants.indexOf(value as SmallValue)); // isSmall() was true
        this.#at = at + 2;
    }
  }

  #read(): SmallValue {
    const view = this.#view;
    const at = this.#at;
    const kind = view.getUint8(at);
    switch (kind) {
      case NUMBER:
        this.#at = at + 9;
        return view.getFloat64(at + 1);
      case BIGINT:
        this.#at = at + 9;
        return view.getBigInt64(at + 1);
      case CONSTANT:
        this.#at = at + 2;
        return constants[view.getUint8(at + 1)];
      default: {
        const start = at + 2;
        const length = view.getUint8(at + 1);
        this.#at = start + (kind === LATIN1 ? length : 2 * length);
        return this.#text.toString(
          kind === LATIN1 ? 'latin1' : 'utf16le',
          start,
          this.#at,
        );
      }
    }
  }

  #writeText(text: string): void {
    const view = this.#view;
    const at = this.#at;
    const start = at + 2;
    view.setUint8(at + 1, text.length);
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > 0xff) {
        view.setUint8(at, UTF16);
        this.#at = start + this.#text.write(text, start, 'utf16le');
        return;
      }
      view.setUint8(start + index, code);
    }
    view.setUint8(at, LATIN1);
    this.#at = start + text.length;
  }
}
