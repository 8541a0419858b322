/*
 * The examples of the README are run, and compared but for times and the ids of workers.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runIn } from './program.ts';
import { temporaryFolder } from './temporary-folder.ts';

const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const examples = Array.from(
  readme.matchAll(/^```console\n\$ proc-pool (.*)\n([^]*?)^```$/gm),
  ([, args = '', output = '']) => ({ args, output }),
);

function timeless(output: string): string {
  return output
    .replaceAll(/\d+\.\d+(e-\d+)?/g, '0')
    .replaceAll(/"worker":\d+/g, '"worker":0');
}

it('has examples', () => {
  expect(examples.length).toBeGreaterThan(0);
});

it.each(examples)('$args', async ({ args, output }) => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'numbers.txt'), '# mine\n97\n98\n9.9\n');
  const { stdout, stderr } = await runIn(folder, ...args.split(' '));
  expect(timeless(stdout + stderr)).toBe(timeless(output));
});
