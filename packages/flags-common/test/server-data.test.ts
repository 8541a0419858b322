import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const flags = fileURLToPath(new URL('../data/flags', import.meta.url));
const codes = await readdir(flags);

/** Vitest's own type for this is `any`. */
const textLike = (pattern: RegExp): unknown => expect.stringMatching(pattern);

it('has the 194 countries of the book', () => {
  expect(codes).toHaveLength(194);
  const startingWith = (letters: string) =>
    codes.filter((code) => letters.includes(code.charAt(0))).length;
  expect(startingWith('abc')).toBe(43);
});

it.each(codes)('has the flag and the metadata of %s', async (code) => {
  const gif = await readFile(join(flags, code, `${code}.gif`));
  expect(gif.subarray(0, 6).toString('latin1')).toBe('GIF89a');
  expect(gif.at(-1)).toBe(0x3b); // the trailer: the picture is whole
  expect(gif.length).toBeGreaterThan(1000);
  expect(gif.length).toBeLessThanOrEqual(36_000);
  const metadata: unknown = JSON.parse(
    await readFile(join(flags, code, 'metadata.json'), 'utf8'),
  );
  expect(metadata).toEqual({
    tld_cc: code === 'gb' ? '.uk' : `.${code}`,
    iso_cc: code.toUpperCase(),
    country: textLike(/^\p{Lu}[\p{L}' ,()-]+$/u),
    gec_cc: textLike(/^[A-Z]{2}$/),
  });
});

it('has names with characters that file systems or shells care about', async () => {
  const names = await Promise.all(
    ['cd', 'ci', 'kp'].map(async (code) => {
      const text = await readFile(join(flags, code, 'metadata.json'), 'utf8');
      return /"country": "(.*)"/.exec(text)?.[1];
    }),
  );
  expect(names).toEqual(['Congo (Kinshasa)', "Côte d'Ivoire", 'Korea, North']);
});
