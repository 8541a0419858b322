/*
 * Plain data in bytes of its own format: what JSON can carry, and undefined, -0, NaN,
 * Infinity, dates and binary data. V8's format carries all else; it takes 1.5 to 2 times as
 * long, most of it to read objects one property after the other. And Node's reader and writer
 * of that format keep what they have read or written until V8 collects all of its heap: of
 * buffers of 1 MiB a thread had 60 at a time.
 *
 * A value is a tag and what follows it:
 *
 * | tag       | followed by                                  | for                        |
 * | --------- | -------------------------------------------- | -------------------------- |
 * | undefined, null, false, true | nothing                   |                            |
 * | integer   | 4 bytes                                      | 32 bits, not -0            |
 * | number    | 8 bytes                                      | all other numbers          |
 * | short     | length (1 byte), a byte for each character   | short strings              |
 * | latin1    | length (4 bytes), a byte for each character  | others that have no more   |
 * | utf16     | length in bytes (4 bytes), 2 for each        | all other strings          |
 * | text      | index (4 bytes)                              | it is beside the bytes     |
 * | date      | milliseconds (8 bytes)                       |                            |
 * | part      | kind (1 byte), length (4 bytes), bytes       | a view on a part of memory |
 * | whole     | the same                                     | memory, or a view on all   |
 * | attached  | kind (1 byte), index (4 bytes), offset and   | the memory is beside the   |
 * |           | length in bytes (8 bytes each)               | bytes, see EncodedValue    |
 * | array     | length (4 bytes), the elements               |                            |
 * | newShape  | count (1 byte), the keys, then the values    | an object with new keys    |
 * | shape     | number of the shape (2 bytes), the values    | one with keys as before    |
 *
 * The kind of binary data is that of a view, see views.ts, or MEMORY for an ArrayBuffer.
 *
 * A value arrives as the structured clone algorithm would make it. So an object that is in
 * the value twice is left to V8, as are arrays that are long or have holes or properties,
 * memory that is shared or resizable or has several views, and everything else that has a
 * class.
 */
export const Tag = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  integer: 4,
  number: 5,
  short: 6,
  latin1: 7,
  date: 8,
  array: 9,
  newShape: 10,
  shape: 11,
  part: 12,
  whole: 13,
  attached: 14,
  utf16: 15,
  text: 16,
} as const;

/** Not a view, but the ArrayBuffer itself. */
export const MEMORY = 255;

/**
 * The first byte of plain data; V8's format begins with 255. It changes with the tags, since
 * bytes can lie in a queue: those of another version are an error, and not another value.
 */
export const PLAIN = 2;

/** Deeper values are left to V8, and refused on arrival. */
export const MAX_DEPTH = 100;

/** The key that an assignment would take for something else. */
export const PROTO = '__proto__';
