import { isAllBytes, sizeOf } from './copies.ts';
import { MAX_SECTIONS } from './task-records.ts';
import type { EncodedValue } from './encoded-value.ts';

/** In bytes. Only what is used of it takes memory. */
export const AREA_BYTES = 8 * 2 ** 20;

/** More goes by messages: the worker is to have room for several. */
const MAX_BYTES = AREA_BYTES / 4;

export function fitsArea(value: EncodedValue): boolean {
  const { parts = [] } = value;
  return (
    isAllBytes(value) &&
    sizeOf(value) <= MAX_BYTES &&
    parts.length < MAX_SECTIONS
  );
}

/** A stretch of the area. */
interface Block {
  readonly owner: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Who has which part of the memory for what is not small. Each one gets the first gap that
 * is long enough, so that the same memory is used again and again: what was used last is
 * still in the cache. There are few blocks, and a search costs nothing beside a copy.
 */
export class Area {
  readonly #size: number;
  /** In the order of the memory. */
  readonly #blocks: Block[] = [];

  /** @param size in bytes */
  constructor(size: number) {
    this.#size = size;
  }

  /**
   * Where the bytes begin; undefined if there is no room for them now.
   *
   * @param owner a number that has nothing yet
   */
  take(owner: number, bytes: number): number | undefined {
    let start = 0;
    let index = 0;
    for (const block of this.#blocks) {
      if (block.start - start >= bytes) break;
      start = block.end;
      index += 1;
    }
    if (start + bytes > this.#size) return undefined;
    this.#blocks.splice(index, 0, { owner, start, end: start + bytes });
    return start;
  }

  /** Does nothing if the owner has nothing. */
  release(owner: number): void {
    // Not findIndex(): it is called for each task, and mostly there is nothing.
    for (let index = 0; index < this.#blocks.length; index += 1) {
      if (this.#blocks[index]?.owner !== owner) continue;
      this.#blocks.splice(index, 1);
      return;
    }
  }
}
