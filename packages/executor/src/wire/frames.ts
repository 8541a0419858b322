/*
 * Messages on a byte stream: the length of the body in 4 bytes, little-endian,
 * then the body as written by v8.serialize. Both ends run the same Node binary,
 * so the format of v8.serialize need not be stable between versions.
 */
import { deserialize, serialize } from 'node:v8';

const HEADER_BYTES = 4;

/** @throws DataCloneError if the message cannot be serialized */
export function encodeFrame(message: unknown): readonly Uint8Array[] {
  const body = serialize(message);
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(body.length);
  return [header, body];
}

/** Puts the chunks of a stream together into messages. */
export class FrameDecoder {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /**
   * The messages that are complete with this chunk.
   *
   * @throws what v8.deserialize throws for a damaged message
   */
  *push(chunk: Buffer): Generator {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (;;) {
      const length = this.#bodyLength();
      if (length === undefined || this.#bytes < HEADER_BYTES + length) return;
      const frame = this.#take(HEADER_BYTES + length);
      yield deserialize(frame.subarray(HEADER_BYTES));
    }
  }

  #bodyLength(): number | undefined {
    if (this.#bytes < HEADER_BYTES) return undefined;
    if ((this.#chunks[0]?.length ?? 0) < HEADER_BYTES) this.#join();
    return this.#chunks[0]?.readUInt32LE();
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
