import { createHmac, timingSafeEqual } from 'node:crypto';
import { OptionRangeError } from '@concurrent-executors/executor';
import { MessageRefusedError } from '../errors.ts';

/** Of HMAC-SHA256. */
const MAC_BYTES = 32;

/** Shorter keys can be guessed. */
const MIN_KEY_BYTES = 16;

/**
 * Signs messages by HMAC-SHA256 if there is a key. With one, messages of whoever has
 * not got it are refused: who can write to Redis cannot run tasks by that alone.
 */
export class Signer {
  readonly #key: Uint8Array | string | undefined;

  /** @throws OptionRangeError if the key is too short */
  constructor(key: Uint8Array | string | undefined) {
    if (key !== undefined && Buffer.byteLength(key) < MIN_KEY_BYTES) {
      throw new OptionRangeError(
        `hmacKey must have at least ${String(MIN_KEY_BYTES)} bytes, got ${String(Buffer.byteLength(key))}`,
      );
    }
    this.#key = key;
  }

  /** Undefined without a key. @param head everything but the body, in an order of its own */
  sign(head: readonly unknown[], body?: Uint8Array): string | undefined {
    return this.#mac(head, body)?.toString('base64url');
  }

  /** The bytes behind their signature; as they are without a key. */
  seal(head: readonly unknown[], body: Uint8Array): Buffer {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const mac = this.#mac(head, body);
    return mac === undefined ? bytes : Buffer.concat([mac, bytes]);
  }

  /** @throws MessageRefusedError if they are not of one who has the key */
  unseal(head: readonly unknown[], sealed: Buffer): Buffer {
    if (this.#key === undefined) return sealed;
    const given = sealed.subarray(0, MAC_BYTES);
    const body = sealed.subarray(MAC_BYTES);
    const right = this.#mac(head, body);
    if (right?.length === given.length && timingSafeEqual(given, right)) {
      return body;
    }
    throw new MessageRefusedError(
      'what is kept of a task in Redis was not signed with the HMAC key of this executor: give its workers the same key',
    );
  }

  /** Whether the message is of one who has the key; true without a key. */
  verify(mac: unknown, head: readonly unknown[], body?: Uint8Array): boolean {
    const expected = this.sign(head, body);
    if (expected === undefined) return true;
    if (typeof mac !== 'string') return false;
    const [given, right] = [Buffer.from(mac), Buffer.from(expected)];
    return given.length === right.length && timingSafeEqual(given, right);
  }

  #mac(head: readonly unknown[], body?: Uint8Array): Buffer | undefined {
    if (this.#key === undefined) return undefined;
    const hmac = createHmac('sha256', this.#key);
    // JSON has no line break outside of its strings: head and body cannot be taken for each other.
    hmac.update(`${JSON.stringify(head)}\n`);
    if (body !== undefined) hmac.update(body);
    return hmac.digest();
  }
}
