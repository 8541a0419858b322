import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exclusions } from './contract/exclusions.ts';

const contract = new URL('../../executor/test/contract/', import.meta.url);

test('what is left out of the contract is in it', () => {
  const sources = readdirSync(contract).map((name) =>
    readFileSync(new URL(name, contract), 'utf8'),
  );
  const unknown = [...exclusions.keys()].filter(
    (title) => !sources.some((source) => source.includes(`test('${title}'`)),
  );
  expect(unknown).toEqual([]);
});
