import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  prepareDirectory,
  removePartialFiles,
  saveFlag,
} from '../src/files.ts';
import { temporaryFolder } from './temporary-folder.ts';

const image = Buffer.from('GIF89a image');

test('saves a flag under its name, over an older one', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'BR.gif');
  await writeFile(path, 'an older picture, which is longer');
  saveFlag(folder.path, 'BR', image);
  expect(await readFile(path)).toEqual(image);
  expect(await readdir(folder.path)).toEqual(['BR.gif']);
});

describe('names become safe', () => {
  test.for([
    ["Côte d'Ivoire", "Côte d'Ivoire.gif"],
    ['Congo (Kinshasa)', 'Congo (Kinshasa).gif'],
    ['Korea, North', 'Korea, North.gif'],
    ['../../etc/passwd', '__.._etc_passwd.gif'],
    ['..', '_.gif'],
    ['/', '_.gif'],
    ['C:\\flag', 'C__flag.gif'],
    ['a\0b\nc\x7f', 'a_b_c_.gif'],
    ['St. Lucia. ', 'St. Lucia_.gif'],
    ['💚'.repeat(300), `${'💚'.repeat(50)}.gif`],
  ] as const)('%j', async ([name, fileName]) => {
    await using folder = await temporaryFolder();
    const inner = join(folder.path, 'inner');
    await mkdir(inner);
    saveFlag(inner, name, image);
    expect(await readdir(inner)).toEqual([fileName]);
    expect(await readdir(folder.path)).toEqual(['inner']);
  });
});

test('what cannot be saved leaves nothing behind', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'BR.gif');
  await mkdir(path);
  expect(() => {
    saveFlag(folder.path, 'BR', image);
  }).toThrow(
    expect.objectContaining({
      code: 'FLAGS_FILE_WRITE',
      message: `cannot write ${path}: illegal operation on a directory (EISDIR)`,
    }),
  );
  expect(await readdir(folder.path)).toEqual(['BR.gif']);
});

test('makes a folder with those above it', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'a', 'b');
  prepareDirectory(path);
  prepareDirectory(path);
  expect(await readdir(path)).toEqual([]);
});

test('says why a folder cannot be made', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  const path = join(file, 'folder');
  expect(() => {
    prepareDirectory(path);
  }).toThrow(
    expect.objectContaining({
      code: 'FLAGS_FILE_WRITE',
      message: `cannot write ${path}: not a directory (ENOTDIR)`,
    }),
  );
});

test.skipIf(!existsSync('/proc/self'))(
  'says so where a file system takes no folders (needs /proc)',
  () => {
    expect(() => {
      prepareDirectory('/proc/folder/below');
    }).toThrow(
      expect.objectContaining({
        code: 'FLAGS_FILE_WRITE',
        message:
          'cannot write /proc/folder/below: no such file or directory (ENOENT)',
      }),
    );
  },
);

test('says when what is there is no folder', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'file');
  await writeFile(path, '');
  expect(() => {
    prepareDirectory(path);
  }).toThrow(
    expect.objectContaining({
      message: `cannot write ${path}: not a directory (ENOTDIR)`,
    }),
  );
});

test('removes the partial files of this process and nothing else', async () => {
  await using folder = await temporaryFolder();
  const pid = String(process.pid);
  const kept = [
    `.BR.gif.${pid}0-1.part`,
    '.BR.gif.part',
    `BR.gif.${pid}-1.part`,
    'BR.gif',
  ];
  for (const name of [
    ...kept,
    `.BR.gif.${pid}-0.part`,
    `.A b.gif.${pid}-12.part`,
  ]) {
    await writeFile(join(folder.path, name), '');
  }
  removePartialFiles(folder.path);
  expect((await readdir(folder.path)).sort()).toEqual(kept.sort());
});
