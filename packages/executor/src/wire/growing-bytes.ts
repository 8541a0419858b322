import { ownMemory } from './copies.ts';

const MAX_LATIN1_CODE = 0xff;

const FIRST_BYTES = 4_096;

/** Bytes that are written one after the other. There must be room for them: see reserve(). */
export class GrowingBytes {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #view = viewOf(this.#bytes);
  #at = 0;

  /** How much memory it has, in bytes. */
  get size(): number {
    return this.#bytes.length;
  }

  /** What is written next is the first. */
  clear(): void {
    this.#at = 0;
  }

  /** Makes room for so many bytes. */
  reserve(bytes: number): void {
    const needed = this.#at + bytes;
    if (needed > this.#bytes.length) this.#grow(needed);
  }

  uint8(value: number): void {
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  uint16(value: number): void {
    this.#view.setUint16(this.#at, value);
    this.#at += 2;
  }

  uint32(value: number): void {
    this.#view.setUint32(this.#at, value);
    this.#at += 4;
  }

  int32(value: number): void {
    this.#view.setInt32(this.#at, value);
    this.#at += 4;
  }

  double(value: number): void {
    this.#view.setFloat64(this.#at, value);
    this.#at += 8;
  }

  bytes(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  text(text: string, encoding: 'latin1' | 'utf16le'): void {
    this.#at += this.#bytes.write(text, this.#at, encoding);
  }

  /**
   * A tag, the length, and a byte for each character. False, and nothing is written, if there
   * is a character that has no byte.
   *
   * @param text of less than 256 characters: a loop takes no longer than a call into Node.js
   */
  short(tag: number, text: string): boolean {
    const bytes = this.#bytes;
    const start = this.#at + 2;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code > MAX_LATIN1_CODE) return false;
      bytes[start + index] = code;
    }
    bytes[this.#at] = tag;
    bytes[this.#at + 1] = text.length;
    this.#at = start + text.length;
    return true;
  }

  /** A copy of what is written, which fills its memory. */
  copy(): Uint8Array<ArrayBuffer> {
    const copy = ownMemory(this.#at);
    copy.set(this.#bytes.subarray(0, this.#at));
    return copy;
  }

  #grow(needed: number): void {
    const larger = Buffer.allocUnsafeSlow(
      Math.max(needed, 2 * this.#bytes.length),
    );
    larger.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
