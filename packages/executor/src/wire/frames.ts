/*
 * Messages on a byte stream. A frame is the lengths of head and body, 4 bytes
 * each, little-endian; then the head, which is the message as written by the value codec,
 * with the lengths of its sections in the place of the body; then the sections: the bytes
 * of the value and those of its parts. A frame without head and body is a DOORBELL.
 */
import { copyOf, withCopies } from './copies.ts';
import { DOORBELL, type HostMessage, type WorkerMessage } from './protocol.ts';
import type { EncodedValue } from './encoded-value.ts';
import { isPlain, readPlain } from './plain-reader.ts';
import { writePlain } from './plain-writer.ts';

type Framed = HostMessage | WorkerMessage | typeof DOORBELL;

/**
 * Reads and writes heads that are not plain: almost all are, and a new process need not load
 * the rest of the value codec then.
 */
type HeadCodec = () => {
  readonly encodeValue: (value: unknown) => EncodedValue;
  readonly decodeValue: (encoded: EncodedValue) => unknown;
};

const HEADER_BYTES = 8;

/** The length of a body is written in four bytes. */
export const MAX_BODY_BYTES = 2 ** 32 - 1;

/** The parts of the frame, to be written one after the other. */
export function encodeFrame(
  message: Framed,
  codec: HeadCodec,
): readonly Uint8Array[] {
  if (message === DOORBELL) return [new Uint8Array(HEADER_BYTES)];
  const body = 'body' in message ? sectionsOf(message.body) : [];
  const lengths = body.map(({ length }) => length);
  const told = 'body' in message ? { ...message, body: lengths } : message;
  const { bytes: head } = writePlain(told, {}) ?? codec().encodeValue(told);
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(head.length);
  header.writeUInt32LE(
    lengths.reduce((sum, length) => sum + length, 0),
    4,
  );
  return [header, head, ...body];
}

/** Copies of the parts: the frame may be written later. */
function sectionsOf(body: EncodedValue): Uint8Array[] {
  const { value, copies } = withCopies(body);
  return [value.bytes, ...copies.map((copy) => new Uint8Array(copy))];
}

/** Puts the chunks of a stream together into messages. */
export class FrameDecoder {
  readonly #codec: HeadCodec;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(codec: HeadCodec) {
    this.#codec = codec;
  }

  /** The messages that are complete with this chunk. */
  *push(chunk: Buffer): Generator<Framed> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (;;) {
      const length = this.#frameLength();
      if (length === undefined || this.#bytes < length) return;
      yield read(this.#take(length), this.#codec);
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

function read(frame: Buffer, codec: HeadCodec): Framed {
  if (frame.length === HEADER_BYTES) return DOORBELL;
  const bodyStart = HEADER_BYTES + frame.readUInt32LE();
  const head = { bytes: frame.subarray(HEADER_BYTES, bodyStart) };
  const message = (
    isPlain(head.bytes) ? readPlain(head) : codec().decodeValue(head)
  ) as HostMessage; // the other end sends nothing else
  if (!('body' in message)) return message;
  const lengths = message.body as unknown as readonly number[]; // see encodeFrame()
  return { ...message, body: readBody(frame.subarray(bodyStart), lengths) };
}

function readBody(body: Buffer, lengths: readonly number[]): EncodedValue {
  let at = 0;
  const [bytes = body, ...parts] = lengths.map((length) =>
    body.subarray(at, (at += length)),
  );
  if (parts.length === 0) return { bytes };
  return {
    bytes,
    attached: parts.map((part) => copyOf(part).buffer),
  };
}
