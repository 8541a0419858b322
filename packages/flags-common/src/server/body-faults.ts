import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { Exchange } from './exchange.ts';
import { FAULTS, type FaultKind } from './fault-kinds.ts';
import type { FaultRule } from './fault-rule.ts';
import type { FileBody } from './files.ts';
import type { Waits } from './waits.ts';

/** The faults of an answer whose headers are those of the file. */
export const BODY_FAULTS = {
  'reset-body': async ({ request, response }, body, rule, waits) => {
    if (await sendStart(response, body, rule)) {
      await waits.wait(RESET_PAUSE, request.socket);
      request.socket.resetAndDestroy();
    }
  },

  'stall-body': async ({ request, response }, body, rule, waits) => {
    if (await sendStart(response, body, rule)) {
      await waits.wait(Infinity, request.socket);
    }
  },

  truncate: async ({ request, response }, body, rule) => {
    if (await sendStart(response, body, rule)) request.socket.destroySoon();
  },

  drip: async (
    { request, response },
    { file, start, length },
    { bytesPerSecond = FAULTS.drip.parameters.bytesPerSecond.byDefault },
    waits,
  ) => {
    // Ten pieces a second; fewer if one byte takes longer, more if they would be large.
    const pieceLength = Math.min(Math.ceil(bytesPerSecond / 10), PIECE_LENGTH);
    const pieces = readFile(file, start, length, pieceLength);
    for await (const bytes of pieces) {
      await waits.wait(bytes.length / bytesPerSecond, request.socket);
      if (!(await written(response, bytes))) return;
    }
    response.end();
  },

  oversize: async ({ response }, { file, start, length }, { bytes }) => {
    const size = bytes ?? Infinity;
    response.removeHeader('Content-Length');
    for await (const part of readFile(file, start, Math.min(length, size))) {
      if (!(await written(response, part))) return;
    }
    for (let left = size - length; left > 0; left -= PIECE_LENGTH) {
      if (!(await written(response, ZEROS.subarray(0, left)))) return;
    }
    response.end();
  },

  'wrong-length': async (
    { response },
    { file, start, length },
    { difference = FAULTS['wrong-length'].parameters.difference.byDefault },
  ) => {
    response.setHeader('Content-Length', Math.max(0, length + difference));
    // The end of the connection is what tells that no more will come.
    if (difference > 0) response.setHeader('Connection', 'close');
    for await (const bytes of readFile(file, start, length)) {
      if (!(await written(response, bytes))) return;
    }
    response.end();
  },
} as const satisfies Partial<Record<FaultKind, BodyFault>>;

export type BodyFaultKind = keyof typeof BODY_FAULTS;

export function isBodyFault(kind: FaultKind): kind is BodyFaultKind {
  return Object.hasOwn(BODY_FAULTS, kind);
}

type BodyFault = (
  exchange: Exchange,
  body: FileBody,
  rule: FaultRule,
  waits: Waits,
) => Promise<void>;

/**
 * In seconds, between the last byte and the reset. A client that finds both at once may drop
 * the bytes, or, as Node.js does, take the reset for an ordinary end.
 */
const RESET_PAUSE = 0.1;

/** In bytes: what is held in memory for one answer. */
const PIECE_LENGTH = 64 * 1024;
const ZEROS = Buffer.alloc(PIECE_LENGTH);

/** Sends the bytes that come before the fault; resolves with whether the client took them. */
async function sendStart(
  response: ServerResponse,
  { file, start, length }: FileBody,
  { bytes = Math.floor(length / 2) }: FaultRule,
): Promise<boolean> {
  response.flushHeaders();
  // Without the last byte at least, or there would be no fault.
  for await (const part of readFile(file, start, Math.min(bytes, length - 1))) {
    if (!(await written(response, part))) return false;
  }
  return true;
}

function readFile(
  file: string,
  start: number,
  length: number,
  pieceLength = PIECE_LENGTH,
): AsyncIterable<Buffer> | Iterable<Buffer> {
  if (length <= 0) return [];
  const end = start + length - 1;
  return createReadStream(file, { start, end, highWaterMark: pieceLength });
}

/** Resolves when the system has the bytes, with false if the connection has ended. */
function written(response: ServerResponse, bytes: Buffer): Promise<boolean> {
  return new Promise((resolve) => {
    response.write(bytes, (error) => {
      resolve(!error && !response.destroyed);
    });
  });
}
