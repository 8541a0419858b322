import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { leaveFolder, prepareFolder } from '../src/exchange/folders.ts';
import { IncomingFile } from '../src/exchange/incoming-file.ts';
import {
  findPartial,
  partialPath,
  versionOf,
} from '../src/exchange/partial-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const url = 'http://localhost/file';
const LARGE = Buffer.alloc(300 * 1024, 'abcdefg');

interface Place {
  readonly path: string;
  readonly partialFolder: string;
}

/** A file of this name in a folder that is prepared. */
function place(directory: string, name = 'BR.gif'): Place {
  const { partialFolder } = prepareFolder(directory);
  return { path: join(directory, name), partialFolder };
}

function incoming(
  { path, partialFolder }: Place,
  { checksum, version }: { checksum?: string; version?: string } = {},
): IncomingFile {
  return new IncomingFile(
    { url, label: 'BR', attempt: 1, timeLeft: 1, path, checksum },
    { partialFolder, version },
  );
}

/** All files below a folder. */
async function filesOf(directory: string): Promise<string[]> {
  const entries = await readdir(directory, {
    recursive: true,
    withFileTypes: true,
  });
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}

test.for([
  ['small', [Buffer.from('GIF89a'), Buffer.from(' image')]],
  ['large', [LARGE, Buffer.from('the end'), LARGE]],
  ['empty', []],
] as const)('a %s file comes in pieces', async ([, pieces]) => {
  await using folder = await temporaryFolder();
  const target = place(folder.path);
  await writeFile(target.path, 'an older picture, which is longer');
  const file = incoming(target);
  for (const piece of pieces) file.write(piece);
  // Until it is whole, the older one is there.
  expect(await readFile(target.path, 'utf8')).toContain('an older picture');
  file.finish('image/gif');
  expect(await readFile(target.path)).toEqual(Buffer.concat(pieces));
  expect(await filesOf(folder.path)).toEqual(['BR.gif']);
});

test('folders in its name are made', async () => {
  await using folder = await temporaryFolder();
  const target = place(folder.path, 'a/b/c.gif');
  const file = incoming(target);
  file.write(Buffer.from('x'));
  file.finish('image/gif');
  expect(await readFile(target.path, 'utf8')).toBe('x');
});

test('a symbolic link in its place is replaced, not followed', async () => {
  await using folder = await temporaryFolder();
  const target = place(folder.path);
  const other = join(folder.path, 'other');
  await writeFile(other, 'mine');
  await symlink(other, target.path);
  const file = incoming(target);
  file.write(Buffer.from('GIF89a'));
  file.finish('image/gif');
  expect(await readFile(other, 'utf8')).toBe('mine');
  expect(await readFile(target.path, 'utf8')).toBe('GIF89a');
});

describe('a checksum', () => {
  const digest =
    'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

  test('that is right', async () => {
    await using folder = await temporaryFolder();
    const file = incoming(place(folder.path), { checksum: digest });
    file.write(Buffer.from('a'));
    file.write(Buffer.from('bc'));
    file.finish('text/plain');
    expect(await filesOf(folder.path)).toEqual(['BR.gif']);
  });

  test('that is wrong leaves no file', async () => {
    await using folder = await temporaryFolder();
    const file = incoming(place(folder.path), { checksum: digest });
    file.write(LARGE);
    expect(() => {
      file.finish('text/plain');
    }).toThrow(
      expect.objectContaining({
        code: 'FLAGS_CONTENT',
        message: expect.stringMatching(
          `^wrong checksum: expected ${digest}, got sha256:[0-9a-f]{64}: ${url}$`,
        ) as unknown,
      }),
    );
    file.discard();
    expect(await filesOf(folder.path)).toEqual([]);
  });
});

describe('what came of a large file', () => {
  test('is removed', async () => {
    await using folder = await temporaryFolder();
    const file = incoming(place(folder.path));
    file.write(LARGE);
    expect(await filesOf(folder.path)).toHaveLength(1);
    file.suspend();
    expect(await filesOf(folder.path)).toEqual([]);
  });

  test('or kept and continued, under the checksum of all of it', async () => {
    await using folder = await temporaryFolder();
    const target = place(folder.path);
    const first = incoming(target, { version: '"v1"' });
    first.write(LARGE);
    first.suspend();
    const kept = partialPath(target.partialFolder, url, target.path);
    const partial = findPartial(kept);
    expect(partial).toEqual({
      path: kept,
      bytes: LARGE.length,
      version: '"v1"',
    });
    if (partial === undefined) return;
    const second = incoming(target, { version: '"v1"' });
    second.resume(partial);
    second.write(Buffer.from('the end'));
    second.finish('image/gif');
    expect(await readFile(target.path)).toEqual(
      Buffer.concat([LARGE, Buffer.from('the end')]),
    );
    expect(await filesOf(folder.path)).toEqual(['BR.gif']);
  });
});

test.for([
  ['a strong ETag', { etag: '"v1"' }, '"v1"'],
  ['a weak ETag', { etag: 'W/"v1"', lastModified: 'x' }, undefined],
  [
    'an old date',
    { lastModified: 'Wed, 25 Nov 2026 10:00:00 GMT' },
    'Wed, 25 Nov 2026 10:00:00 GMT',
  ],
  [
    'a date so new that the file may change again',
    { lastModified: 'Wed, 25 Nov 2026 12:00:00 GMT' },
    undefined,
  ],
  ['nothing', {}, undefined],
] as const)('what %s tells of the version', ([, validators, version]) => {
  expect(versionOf(validators, 'Wed, 25 Nov 2026 12:00:00 GMT')).toBe(version);
});

test('a name that cannot be is an error of this file alone', async () => {
  await using folder = await temporaryFolder();
  const target = place(folder.path);
  await mkdir(target.path);
  const file = incoming(target);
  file.write(Buffer.from('x'));
  expect(() => {
    file.finish('image/gif');
  }).toThrow(
    expect.objectContaining({
      code: 'FLAGS_FILE_NAME',
      message: `cannot write ${target.path}: illegal operation on a directory (EISDIR)`,
    }),
  );
  expect(await filesOf(folder.path)).toEqual([]);
});

describe('the folder', () => {
  test('is made with those above it', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a', 'b');
    prepareFolder(path);
    prepareFolder(path);
    expect(await filesOf(path)).toEqual([]);
  });

  test('says why it cannot be made', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    for (const path of [file, join(file, 'folder')]) {
      expect(() => {
        prepareFolder(path);
      }).toThrow(
        expect.objectContaining({
          code: 'FLAGS_FILE_WRITE',
          message: `cannot write ${path}: not a directory (ENOTDIR)`,
        }),
      );
    }
  });

  test.skipIf(!existsSync('/proc/self'))(
    'says so where a file system takes no folders (needs /proc)',
    () => {
      expect(() => {
        prepareFolder('/proc/folder/below');
      }).toThrow(
        expect.objectContaining({
          code: 'FLAGS_FILE_WRITE',
          message:
            'cannot write /proc/folder/below: no such file or directory (ENOENT)',
        }),
      );
    },
  );

  test('loses the partial files of runs that are gone, and no others', async () => {
    await using folder = await temporaryFolder();
    const prepared = prepareFolder(folder.path);
    const gone = '4194305'; // above the highest number that Linux gives a process
    const own = `${String(process.pid)}-0-1.part`;
    const resumable = `${'0'.repeat(32)}.part`;
    for (const name of [own, `${gone}-0-1.part`, '1-0-1.part', resumable]) {
      await writeFile(join(prepared.partialFolder, name), '');
    }
    prepareFolder(folder.path);
    expect((await readdir(prepared.partialFolder)).sort()).toEqual(
      [own, '1-0-1.part', resumable].sort(),
    );
    leaveFolder(prepared);
    expect((await readdir(prepared.partialFolder)).sort()).toEqual(
      ['1-0-1.part', resumable].sort(),
    );
  });
});
