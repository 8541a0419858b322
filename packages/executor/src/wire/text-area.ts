import { Area } from './area.ts';
import { copyOf } from './copies.ts';
import type { EncodedValue } from './encoded-value.ts';
import { MAX_SECTIONS, type TaskRecords } from './task-records.ts';

/**
 * A longer value goes by a message. V8 has a place of its own for longer strings, and takes ten
 * times as long to make one: then it does not matter how it came.
 */
const MAX_BYTES = 128 * 1_024;

/** Only what is used of it takes memory. */
const AREA_BYTES = 16 * MAX_BYTES;

/** V8 need not look at the characters if it has a byte for each. */
const notLatin1 = /[^\0-\xff]/;

export function textMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(AREA_BYTES);
}

/**
 * Values with long texts, from one side of a lane in memory to the other. A text is written from
 * the string into this memory, and the other side makes its string of that: a copy on each side,
 * as in a message, but nobody need be woken in its event loop. Measured with 8 texts in flight:
 * those of 20 KB take 0.6 of the time, of 64 KB 0.77. Bytes without a text gain nothing: a
 * message moves their memory.
 */
export class TextArea {
  readonly #records: TaskRecords;
  readonly #memory: Buffer;
  readonly #area = new Area(AREA_BYTES);

  /** @param records tell where the values are */
  constructor(records: TaskRecords, memory: SharedArrayBuffer) {
    this.#records = records;
    this.#memory = Buffer.from(memory);
  }

  /**
   * False if it has something else than texts that have a byte for each character, or there is
   * no room for it now.
   *
   * @param owner of the bytes, until release()
   */
  write(
    index: number,
    kind: number,
    value: EncodedValue,
    owner: number,
  ): boolean {
    const { bytes } = value;
    const texts = textsOf(value);
    if (texts === undefined || texts.length >= MAX_SECTIONS) return false;
    const lengths = [bytes.length, ...texts.map(({ length }) => length)];
    const size = lengths.reduce((sum, length) => sum + length);
    if (size > MAX_BYTES) return false;
    const offset = this.#area.take(owner, size);
    if (offset === undefined) return false;
    this.#memory.set(bytes, offset);
    let at = offset + bytes.length;
    for (const text of texts) at += this.#memory.write(text, at, 'latin1');
    this.#records.setSections(index, kind, { offset, lengths });
    return true;
  }

  /** A copy; undefined if the value of this record is not here. */
  read(index: number): EncodedValue | undefined {
    const sections = this.#records.sectionsIn(index);
    if (sections === undefined) return undefined;
    const [length = 0, ...lengths] = sections.lengths;
    let at = sections.offset + length;
    const bytes = copyOf(this.#memory.subarray(sections.offset, at));
    const attached = lengths.map((textLength) => {
      const start = at;
      at += textLength;
      return this.#memory.toString('latin1', start, at);
    });
    return { bytes, attached };
  }

  /** What was written for this owner is not needed any more. */
  release(owner: number): void {
    this.#area.release(owner);
  }
}

/** Undefined if something else is beside the bytes, or nothing. */
function textsOf({ attached, parts }: EncodedValue): string[] | undefined {
  if (attached === undefined || parts !== undefined) return undefined;
  const texts: string[] = [];
  for (const item of attached) {
    if (typeof item !== 'string' || notLatin1.test(item)) return undefined;
    texts.push(item);
  }
  return texts;
}
