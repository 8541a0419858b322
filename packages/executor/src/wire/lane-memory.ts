/*
 * The memory that is the lane (see lane.ts) of a thread: two rings and the places of
 * tasks in shared memory.
 */
import { copyOf } from './copies.ts';
import { MAX_ENCODED } from './lane.ts';
import { Kind, RECORD_BYTES, TaskRecords } from './task-records.ts';

/** The bit of an answer that says that the task was passed over. */
export const SKIPPED = 1 << 30;

/** What the host gives to the thread. */
export interface LaneMemory {
  /** Of their records, with their claims. */
  readonly places: SharedArrayBuffer;
  /** For encoded values, MAX_ENCODED for each place. Pages that are not used take no memory. */
  readonly encoded: SharedArrayBuffer;
  readonly toThread: SharedArrayBuffer;
  readonly toHost: SharedArrayBuffer;
}

/** What a thread is started with. */
export interface ThreadData {
  readonly memory: LaneMemory;
  /** Whether there is another core. Told, since a thread takes a while to load node:os. */
  readonly canSpin: boolean;
}

export function placesMemory(
  places: number,
): Pick<LaneMemory, 'places' | 'encoded'> {
  return {
    places: new SharedArrayBuffer(places * RECORD_BYTES),
    encoded: new SharedArrayBuffer(places * MAX_ENCODED),
  };
}

/** The places of tasks, as both sides see them. The result lies over the arguments. */
export class Places extends TaskRecords {
  readonly #encoded: Uint8Array;

  constructor({ places, encoded }: LaneMemory) {
    super(Buffer.from(places));
    this.#encoded = new Uint8Array(encoded);
  }

  setEncoded(place: number, bytes: Uint8Array, isChunk: boolean): void {
    this.setKind(place, isChunk ? Kind.chunk : Kind.encoded, bytes.length);
    this.#encoded.set(bytes, place * MAX_ENCODED);
  }

  encodedIn(place: number): Uint8Array | undefined {
    const length = this.encodedLengthIn(place);
    if (length === undefined) return undefined;
    const start = place * MAX_ENCODED;
    return copyOf(this.#encoded.subarray(start, start + length));
  }
}
