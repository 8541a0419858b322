import { readFile } from 'node:fs/promises';
import * as flags from '@concurrent-executors/flags-common';
import { expect, test } from 'vitest';

test('the README has every error with its code', async () => {
  const readme = await readFile(
    new URL('../README.md', import.meta.url),
    'utf8',
  );
  const documented = [
    ...readme.matchAll(/^\| `(FLAGS_\w+)` +\| `(\w+)` /gm),
  ].map(([, code, name]) => `${String(code)} ${String(name)}`);
  const real = [
    new flags.DownloadContentError('problem', 'url'),
    new flags.DownloadFailedError('message'),
    new flags.DownloadNetworkError(new Error('cause'), 'url'),
    new flags.DownloadTimeoutError('timeout', 1, 'url'),
    new flags.FileNameError('path', new Error('cause'), 'url'),
    new flags.FileWriteError('path', new Error('cause')),
    new flags.HttpStatusError(418, 'url'),
    new flags.InputError('name', new Error('cause')),
    new flags.InputLineError('message'),
    new flags.QueueError('message'),
    new flags.RedirectError('problem', 'url'),
    new flags.ServerUnavailableError('message'),
    new flags.UsageError('message'),
  ] satisfies flags.FlagsError[];
  expect(documented).toEqual(
    real.map(({ code, name }) => `${code} ${name}`).sort(),
  );
  const classes = Object.values(flags).filter(
    (value) =>
      typeof value === 'function' &&
      value.prototype instanceof flags.FlagsError,
  );
  // FlagsError's only other subclass is abstract.
  expect(classes).toHaveLength(real.length + 1);
});
