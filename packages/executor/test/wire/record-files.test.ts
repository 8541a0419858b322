/* Writer and readers of records, one step at a time, in one process. */
import { fstatSync, ftruncateSync, writeSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import {
  PLACES,
  RecordReader,
  RecordTaker,
  RecordWriter,
} from '../../src/wire/record-files.ts';
import {
  Kind,
  makeRecords,
  MAX_INLINE,
  MAX_SPAN,
  RECORD_BYTES,
  type TaskRecords,
} from '../../src/wire/task-records.ts';
import { openLaneFiles } from '../support/lane-files.ts';
import { makeRandom } from '../support/random.ts';

const run = promisify(execFile);

/** As many as may be on their way. */
const MOST = PLACES;

/** So that each file is left several times. */
const COUNT = 40 * PLACES;

function setId(records: TaskRecords, index: number, id: number): void {
  records.setKind(index, Kind.small);
  records.setTask(index, 0, id, 1);
}

test('a reader gets each record once, in order', () => {
  const random = makeRandom();
  using files = openLaneFiles();
  const writer = new RecordWriter(files.answers);
  const written = makeRecords(MOST);
  const read = makeRecords(MOST);
  const reader = new RecordReader(files.answers);
  let sent = 0;
  let next = 0;
  const readOnce = (): number => {
    const count = reader.read(read);
    for (let index = 0; index < count; index += 1) {
      expect(read.idIn(index)).toBe(next);
      next += 1;
    }
    return count;
  };
  while (sent < COUNT) {
    while (sent - next < MOST && random.chance(0.7)) {
      const count = 1 + random.below(MOST - (sent - next));
      for (let index = 0; index < count; index += 1) {
        setId(written, index, sent);
        sent += 1;
      }
      expect(writer.write(written, count)).toBe(count);
    }
    readOnce();
  }
  // The last ones may lie in both files, and a read takes those of one.
  while (readOnce() > 0);
  expect(next).toBe(sent);
});

test('a reader gets an answer of several records when all of them are there', () => {
  const random = makeRandom();
  using files = openLaneFiles();
  const writer = new RecordWriter(files.answers);
  const written = makeRecords(MAX_SPAN);
  const read = makeRecords(3 * MAX_SPAN);
  const reader = new RecordReader(files.answers);
  const onWay: Buffer[] = [];
  let sent = 0;
  const readAll = (): void => {
    for (let count = reader.read(read); count > 0; count = reader.read(read)) {
      for (let at = 0; at < count; at += read.spanIn(at)) {
        const value = onWay.shift() ?? expect.fail('nothing was written');
        expect(value.equals(read.inlineIn(at) ?? Buffer.alloc(0))).toBe(true);
      }
    }
  };
  while (sent < COUNT / 4) {
    const value = Buffer.alloc(random.below(MAX_INLINE + 1), onWay.length);
    written.setInline(0, Kind.encoded, value);
    const span = written.spanIn(0);
    const length = span * RECORD_BYTES;
    const before = files.answers.map((file) => fstatSync(file).size);
    expect(writer.writeAll(written, span)).toBe(true);
    const file = files.answers.find(
      (one, nth) => fstatSync(one).size === (before[nth] ?? 0) + length,
    );
    if (file !== undefined && span > 1 && random.chance(0.5)) {
      // As a reader can see it while it is written.
      const start = fstatSync(file).size - length;
      const cut = RECORD_BYTES * (1 + random.below(span - 1));
      ftruncateSync(file, start + cut);
      readAll();
      expect(onWay).toHaveLength(0);
      writeSync(file, written.memory, cut, length - cut, start + cut);
    }
    onWay.push(value);
    sent += 1;
    if (random.chance(0.2)) readAll();
    if (onWay.length === MOST) readAll();
  }
});

test('an answer for which there is too little room leaves nothing behind', async () => {
  const script = `
    const [, wire] = process.argv;
    const { RecordReader, RecordWriter } = await import(wire + 'record-files.js');
    const { Kind, makeRecords, MAX_SPAN } = await import(wire + 'task-records.js');
    const fs = await import('node:fs');
    const files = [0, 1].map(() => {
      const path = process.env.FILE;
      const file = fs.openSync(path, 'wx+');
      fs.unlinkSync(path);
      return file;
    });
    const writer = new RecordWriter(files);
    const records = makeRecords(MAX_SPAN);
    const write = (length) => {
      records.setInline(0, Kind.encoded, new Uint8Array(length));
      return writer.writeAll(records, records.spanIn(0));
    };
    let written = 0;
    while (write(1_000)) written += 1;
    const isShortWritten = write(1);
    const lengths = [];
    const reader = new RecordReader(files);
    for (let count = reader.read(records); count > 0; count = reader.read(records)) {
      for (let at = 0; at < count; at += records.spanIn(at)) {
        lengths.push(records.inlineIn(at).length);
      }
    }
    const long = lengths.filter((length) => length === 1_000).length;
    console.log(JSON.stringify({ written, long, isShortWritten, last: lengths.at(-1) }));`;
  const wire = new URL('../../dist/wire/', import.meta.url).href;
  const command = `ulimit -f 300; exec "$0" --input-type=module -e "$1" "$2"`;
  const { stdout } = await run(
    '/bin/sh',
    ['-c', command, process.execPath, script, wire],
    { env: { FILE: join(tmpdir(), `records-test-${String(process.pid)}`) } },
  );
  const { written, ...rest } = JSON.parse(stdout) as { written: number };
  expect(written).toBeGreaterThan(100);
  expect(rest).toEqual({ long: written, isShortWritten: true, last: 1 });
});

test('each record is taken or taken back, in order', () => {
  const random = makeRandom();
  using files = openLaneFiles();
  const writer = new RecordWriter(files.runs);
  const written = makeRecords(MOST + 1);
  const taken = makeRecords(1);
  const taker = new RecordTaker(files.runs);
  /** Those that are on their way. */
  const onWay: number[] = [];
  let sent = 0;
  while (sent < COUNT) {
    while (onWay.length < MOST && random.chance(0.6)) {
      const count = 1 + random.below(MOST - onWay.length);
      for (let index = 0; index < count; index += 1) {
        setId(written, index, sent);
        onWay.push(sent);
        sent += 1;
      }
      expect(writer.write(written, count)).toBe(count);
    }
    for (let left = random.below(MOST); left > 0; left -= 1) {
      const id = onWay.shift();
      expect(taker.take(taken)).toBe(id !== undefined);
      if (id === undefined) break;
      expect(taken.idIn(0)).toBe(id);
    }
    if (!random.chance(0.01)) continue;
    const count = writer.takeBack(written);
    const ids = Array.from({ length: count }, (_, n) => written.idIn(n));
    expect(ids).toEqual(onWay);
    expect(taker.take(taken)).toBe(false);
    // However often: a file is left only for new ones.
    for (let times = random.below(40); times > 0; times -= 1) {
      expect(writer.write(written, count)).toBe(count);
      expect(writer.takeBack(written)).toBe(count);
    }
    // Some of them are sent again.
    const again = random.below(count + 1);
    expect(writer.write(written, again)).toBe(again);
    onWay.length = again;
  }
});

test('who has not come to the other file still finds it when all was taken back', () => {
  using files = openLaneFiles();
  const writer = new RecordWriter(files.runs);
  const records = makeRecords(MOST + 1);
  const taken = makeRecords(1);
  const taker = new RecordTaker(files.runs);
  let sent = 0;
  const write = (): void => {
    for (let index = 0; index < MOST / 2; index += 1) {
      setId(records, index, sent);
      sent += 1;
    }
    expect(writer.write(records, MOST / 2)).toBe(MOST / 2);
  };
  for (let id = 0; id < COUNT; id += 1) {
    if (id % (MOST / 2) === 0) write();
    if (id === PLACES - 1) {
      write(); // into the other file
      const count = writer.takeBack(records);
      expect(count).toBe(1 + MOST / 2);
      expect(writer.takeBack(makeRecords(MOST + 1))).toBe(0);
      expect(writer.write(records, count)).toBe(count);
    }
    expect(taker.take(taken)).toBe(true);
    expect(taken.idIn(0)).toBe(id);
  }
});

test('the files stay small', () => {
  using files = openLaneFiles();
  const writer = new RecordWriter(files.answers);
  const records = makeRecords(MOST);
  for (let count = 0; count < 100 * MOST; count += 1)
    writer.write(records, MOST);
  const blocks = files.answers.map((file) => fstatSync(file).blocks);
  const most = (2 * records.memory.length + RECORD_BYTES) / 512;
  expect(Math.max(...blocks)).toBeLessThanOrEqual(most + 8); // a page more
});
