// What the tasks do. Both sides run these.

/** @param {number} a @param {number} b */
export const add = (a, b) => a + b;

/** @template T @param {T} value */
export const echo = (value) => value;

/** @param {Uint8Array} bytes */
export const lengthOf = (bytes) => bytes.byteLength;
