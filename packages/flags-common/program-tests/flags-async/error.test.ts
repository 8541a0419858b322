import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { run, withoutTime } from '../program.ts';

test('-s ERROR -al 100 -m 100, with the real delays and errors of an embedded server', async () => {
  await using folder = await temporaryFolder();
  const { stdout, status } = await run('-s ERROR -al 100 -m 100', {
    cwd: folder.path,
  });
  const report = withoutTime(stdout).replace(/:\d+/, ':PORT');
  const [, flags, errors] =
    /(\d+) flags downloaded\.\n(\d+) errors\.\n/.exec(report) ?? [];
  expect(report).toBe(
    [
      'ERROR site: http://localhost:PORT/flags',
      'Searching for 100 flags: from AD to LK',
      '100 concurrent connections will be used.',
      '--------------------',
      `${String(flags)} flags downloaded.`,
      `${String(errors)} errors.`,
      'Elapsed time: N.NNs',
      '',
    ].join('\n'),
  );
  expect(Number(flags) + Number(errors)).toBe(100);
  expect(status).toBe(1);
});
