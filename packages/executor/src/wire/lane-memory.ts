/*
 * The memory that is the lane (see lane.ts) of a thread: two rings and the places of
 * tasks in shared memory.
 */
import { copyOf } from './copies.ts';
import { MAX_ENCODED } from './lane.ts';
import { RECORD_BYTES, TaskRecords } from './task-records.ts';

/** The bit of an answer that says that the task was passed over. */
export const SKIPPED = 1 << 30;

/** What the host gives to the thread. */
export interface LaneMemory {
  /**
   * The records of all places, with their claims; then MAX_ENCODED bytes of each for encoded
   * values. In one piece, which is large: so the system gives its pages when they are used,
   * and the first places are used first.
   */
  readonly places: SharedArrayBuffer;
  /** Values with long texts: see text-area.ts. */
  readonly fromHost: SharedArrayBuffer;
  readonly fromThread: SharedArrayBuffer;
  readonly toThread: SharedArrayBuffer;
  readonly toHost: SharedArrayBuffer;
}

/** What a thread is started with. */
export interface ThreadData {
  readonly memory: LaneMemory;
  /** Whether there is another core. Told, since a thread takes a while to load node:os. */
  readonly canSpin: boolean;
}

const PLACE_BYTES = RECORD_BYTES + MAX_ENCODED;

export function placesMemory(places: number): SharedArrayBuffer {
  return new SharedArrayBuffer(places * PLACE_BYTES);
}

/** The places of tasks, as both sides see them. The result lies over the arguments. */
export class Places extends TaskRecords {
  readonly #encoded: Uint8Array;

  constructor(memory: SharedArrayBuffer) {
    const recordBytes = (memory.byteLength / PLACE_BYTES) * RECORD_BYTES;
    super(Buffer.from(memory, 0, recordBytes));
    this.#encoded = new Uint8Array(memory, recordBytes);
  }

  setEncoded(place: number, kind: number, bytes: Uint8Array): void {
    this.setKind(place, kind, bytes.length);
    this.#encoded.set(bytes, place * MAX_ENCODED);
  }

  /** Undefined if no encoded value is in the place. */
  encodedIn(place: number): Uint8Array | undefined {
    const length = this.encodedLengthIn(place);
    if (length === undefined || this.hasSections(place)) return undefined;
    const start = place * MAX_ENCODED;
    return copyOf(this.#encoded.subarray(start, start + length));
  }
}
