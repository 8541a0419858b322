/*
 * All that a worker needs to read and to write the bytes of values. It is loaded when it is
 * needed (worker/lazy-codec.ts): for tasks with small arguments and results it is not.
 */
import { decodeArguments } from './arguments.ts';
import { encodeOutcomes, encodeResult } from './results.ts';
import { decodeThrownBody, encodeThrownBody } from './thrown.ts';
import { decodeValue, encodeValue } from './value-codec.ts';

export const codec = {
  decodeArguments,
  decodeThrownBody,
  decodeValue,
  encodeOutcomes,
  encodeResult,
  encodeThrownBody,
  encodeValue,
};

export type Codec = typeof codec;
