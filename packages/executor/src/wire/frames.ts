/*
 * Messages on a byte stream. A frame is the lengths of head and body, 4 bytes
 * each, little-endian; then the head, which is the message without its body, as
 * written by v8.serialize; then the bytes of the body. Both ends run the same
 * Node binary, so the format of v8.serialize need not be stable between versions.
 * A frame without head and body is a DOORBELL.
 */
import { deserialize, serialize } from 'node:v8';
import { DOORBELL, type HostMessage, type WorkerMessage } from './protocol.ts';

type Framed = HostMessage | WorkerMessage | typeof DOORBELL;

const HEADER_BYTES = 8;

/** The length of a body is written in four bytes. */
export const MAX_BODY_BYTES = 2 ** 32 - 1;

/** The parts of the frame, to be written one after the other. */
export function encodeFrame(message: Framed): readonly Uint8Array[] {
  if (message === DOORBELL) return [new Uint8Array(HEADER_BYTES)];
  const body = 'body' in message ? message.body.bytes : undefined;
  const head = serialize(
    body === undefined ? message : { ...message, body: undefined },
  );
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(head.length);
  header.writeUInt32LE(body?.length ?? 0, 4);
  return body === undefined ? [header, head] : [header, head, body];
}

/** Puts the chunks of a stream together into messages. */
export class FrameDecoder {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** The messages that are complete with this chunk. */
  *push(chunk: Buffer): Generator<Framed> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (;;) {
      const length = this.#frameLength();
      if (length === undefined || this.#bytes < length) return;
      yield read(this.#take(length));
    }
  }

  #frameLength(): number | undefined {
    if (this.#bytes < HEADER_BYTES) return undefined;
    if ((this.#chunks[0]?.length ?? 0) < HEADER_BYTES) this.#join();
    const first = this.#chunks[0];
    return first && HEADER_BYTES + first.readUInt32LE() + first.readUInt32LE(4);
  }

  /** Removes the first `length` bytes. Chunks are joined once, when a frame is complete. */
  #take(length: number): Buffer {
    if ((this.#chunks[0]?.length ?? 0) < length) this.#join();
    const [first = Buffer.alloc(0)] = this.#chunks;
    this.#chunks[0] = first.subarray(length);
    this.#bytes -= length;
    if (this.#chunks[0].length === 0) this.#chunks.shift();
    return first.subarray(0, length);
  }

  #join(): void {
    this.#chunks = [Buffer.concat(this.#chunks)];
  }
}

function read(frame: Buffer): Framed {
  if (frame.length === HEADER_BYTES) return DOORBELL;
  const bodyStart = HEADER_BYTES + frame.readUInt32LE();
  const message = deserialize(
    frame.subarray(HEADER_BYTES, bodyStart),
  ) as HostMessage; // the other end sends nothing else
  return 'body' in message
    ? { ...message, body: { bytes: frame.subarray(bodyStart) } }
    : message;
}
