/*
 * Messages on a byte stream. A frame is the length of the body and the id of the
 * task that the message belongs to (0: none), 4 bytes each, little-endian, then
 * the body as written by v8.serialize. Both ends run the same Node binary, so the
 * format of v8.serialize need not be stable between versions.
 *
 * The id stands outside of the body because a body can be impossible to read: V8
 * writes deeper objects than it reads. That must fail its task and nothing else.
 */
import { deserialize, serialize } from 'node:v8';
import type { HostMessage, WorkerMessage } from './protocol.ts';

const HEADER_BYTES = 8;

/** One message as it came. */
export interface Frame {
  /** The id of its task; 0 if it has none. */
  readonly id: number;
  /** @throws what v8.deserialize throws for a body that it cannot read */
  read(): unknown;
}

/** @throws DataCloneError if the message cannot be serialized */
export function encodeFrame(
  message: HostMessage | WorkerMessage,
): readonly Uint8Array[] {
  const body = serialize(message);
  const header = Buffer.allocUnsafe(HEADER_BYTES);
  header.writeUInt32LE(body.length);
  header.writeUInt32LE('id' in message ? message.id : 0, 4);
  return [header, body];
}

/** Puts the chunks of a stream together into messages. */
export class FrameDecoder {
  #chunks: Buffer[] = [];
  #bytes = 0;

  /** The frames that are complete with this chunk. */
  *push(chunk: Buffer): Generator<Frame> {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    for (;;) {
      const length = this.#bodyLength();
      if (length === undefined || this.#bytes < HEADER_BYTES + length) return;
      const frame = this.#take(HEADER_BYTES + length);
      yield {
        id: frame.readUInt32LE(4),
        read: () => deserialize(frame.subarray(HEADER_BYTES)) as unknown,
      };
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
