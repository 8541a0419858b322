/*
 * The memory that is the lane (see lane.ts) of a thread: two rings and the places of tasks in shared
 * memory.
 */
import { MAX_ENCODED } from './lane.ts';
import { SMALL_BYTES, SmallValues } from './small-values.ts';

/** Bytes before the values of a place. The id takes 8: it grows for ever. */
const TASK = 0;
const ATTEMPT = 4;
const ID = 8;
/** What the values are, and how many bytes of encoded ones there are. */
const FORM = 16;
const LENGTH = 20;
const HEAD_BYTES = 24;

/** Forms. */
const SMALL = 0;
const ENCODED = 1;
const CHUNK = 2;

const PLACE_BYTES = HEAD_BYTES + SMALL_BYTES;

/** The bit of an answer that says that the task was passed over. */
export const SKIPPED = 1 << 30;

/** What the host gives to the thread. */
export interface LaneMemory {
  readonly claims: SharedArrayBuffer;
  readonly places: SharedArrayBuffer;
  /** For encoded values, MAX_ENCODED for each place. Pages that are not used take no memory. */
  readonly encoded: SharedArrayBuffer;
  readonly toThread: SharedArrayBuffer;
  readonly toHost: SharedArrayBuffer;
}

export function placesMemory(
  places: number,
): Pick<LaneMemory, 'places' | 'encoded'> {
  return {
    places: new SharedArrayBuffer(places * PLACE_BYTES),
    encoded: new SharedArrayBuffer(places * MAX_ENCODED),
  };
}

/** The places of tasks, as both sides see them. */
export class Places {
  readonly #heads: DataView;
  readonly #values: SmallValues;
  readonly #encoded: Uint8Array;

  constructor({ places, encoded }: LaneMemory) {
    this.#heads = new DataView(places);
    this.#values = new SmallValues(Buffer.from(places));
    this.#encoded = new Uint8Array(encoded);
  }

  setHead(place: number, task: number, id: number, attempt: number): void {
    const at = place * PLACE_BYTES;
    this.#heads.setInt32(at + TASK, task);
    this.#heads.setInt32(at + ATTEMPT, attempt);
    this.#heads.setFloat64(at + ID, id);
  }

  taskIn(place: number): number {
    return this.#heads.getInt32(place * PLACE_BYTES + TASK);
  }

  attemptIn(place: number): number {
    return this.#heads.getInt32(place * PLACE_BYTES + ATTEMPT);
  }

  idIn(place: number): number {
    return this.#heads.getFloat64(place * PLACE_BYTES + ID);
  }

  isChunk(place: number): boolean {
    return this.#heads.getInt32(place * PLACE_BYTES + FORM) === CHUNK;
  }

  setArguments(place: number, args: readonly unknown[]): void {
    const at = place * PLACE_BYTES;
    this.#heads.setInt32(at + FORM, SMALL);
    this.#values.writeAll(at + HEAD_BYTES, args);
  }

  argumentsIn(place: number): unknown[] {
    return this.#values.readAll(place * PLACE_BYTES + HEAD_BYTES);
  }

  setResult(place: number, result: unknown): void {
    const at = place * PLACE_BYTES;
    this.#heads.setInt32(at + FORM, SMALL);
    this.#values.writeOne(at + HEAD_BYTES, result);
  }

  resultIn(place: number): unknown {
    return this.#values.readOne(place * PLACE_BYTES + HEAD_BYTES);
  }

  setEncoded(place: number, bytes: Uint8Array, isChunk: boolean): void {
    const at = place * PLACE_BYTES;
    this.#heads.setInt32(at + FORM, isChunk ? CHUNK : ENCODED);
    this.#heads.setInt32(at + LENGTH, bytes.length);
    this.#encoded.set(bytes, place * MAX_ENCODED);
  }

  encodedIn(place: number): Uint8Array | undefined {
    const at = place * PLACE_BYTES;
    if (this.#heads.getInt32(at + FORM) === SMALL) return undefined;
    const start = place * MAX_ENCODED;
    const length = this.#heads.getInt32(at + LENGTH);
    // Not a view: V8 reads from memory of this side only.
    const bytes = new Uint8Array(length);
    bytes.set(this.#encoded.subarray(start, start + length));
    return bytes;
  }
}
