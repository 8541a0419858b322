/*
 * All that a worker needs to read and to write the bytes of values. Threads load it when they
 * have to: for tasks with small arguments and results they need none of it.
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
