/*
 * docs/testing.md says which test shows which behaviour. Every row must name tests
 * that exist, or say why there is none.
 */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { testTitles } from './support/test-titles.ts';

const docs = new URL('../../../docs/', import.meta.url);

/** The rows of the tables in one section, each after the heading above its table. */
async function rowsOf(section: string): Promise<string[][]> {
  const text = await readFile(new URL('testing.md', docs), 'utf8');
  const [, rest = ''] = text.split(`\n## ${section}\n`);
  const [body = ''] = rest.split('\n## ');
  const rows: string[][] = [];
  for (const table of body.split('\n### ')) {
    const lines = table.split('\n');
    const [, , ...data] = lines.filter((line) => line.startsWith('|'));
    for (const line of data) {
      const cells = line.split('|').slice(1, -1);
      rows.push([lines[0] ?? '', ...cells.map((cell) => cell.trim())]);
    }
  }
  return rows;
}

const titles = new Map<string, Promise<ReadonlySet<string>>>();

/** `file › title` of a test, or `guide › chapter`, that is not there. */
async function isMissing(reference: string): Promise<boolean> {
  const [file = '', title = ''] = reference.split(' › ');
  if (file === 'guide') {
    const guide = await readFile(new URL('guide.md', docs), 'utf8');
    return !guide.includes(`\n## ${title}\n`);
  }
  let found = titles.get(file);
  if (found === undefined) {
    found = testTitles(new URL(file, import.meta.url));
    titles.set(file, found);
  }
  return !(await found).has(title);
}

test.each([
  ["CPython's cases", 159],
  ["loky's cases", 29],
  ['What people ask for', 38],
])('%s: %i rows, each shown by tests or explained', async (section, count) => {
  const rows = await rowsOf(section);
  expect(rows).toHaveLength(count);
  const names = rows.map((row) => row.slice(0, -1).join(' '));
  expect(names.filter((name, n) => names.indexOf(name) !== n)).toEqual([]);
  const problems: string[] = [];
  for (const [n, row] of rows.entries()) {
    const parts = row.at(-1)?.split('<br>') ?? [];
    const references = parts.filter((part) => part.includes(' › '));
    for (const reference of references) {
      if (await isMissing(reference)) problems.push(reference);
    }
    // A reason is a sentence.
    const isExplained = parts.some((part) => /^[A-Z].+\.$/.test(part));
    if (references.length === 0 && !isExplained) {
      problems.push(`nothing for ${names[n] ?? ''}`);
    }
  }
  expect(problems).toEqual([]);
});
