import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

it('works as the README shows', async () => {
  const readme = await readFile(
    new URL('../README.md', import.meta.url),
    'utf8',
  );
  const [, program = ''] =
    /```js\n(import \{ startFlagServer[^]*?)```/.exec(readme) ?? [];
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    { cwd: import.meta.dirname },
  );
  const [, expected] = /console\.log\(.*\); \/\/ (.*)/.exec(program) ?? [];
  expect(stdout).toBe(`${String(expected)}\n`);
});
