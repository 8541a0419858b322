import { expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { run, withoutTime } from '../program.ts';

test('-s DELAY a b c, with the real delays of an embedded server', async () => {
  await using folder = await temporaryFolder();
  const { stdout, status } = await run('-s DELAY a b c', { cwd: folder.path });
  expect(withoutTime(stdout).replace(/:\d+/, ':PORT')).toBe(
    [
      'DELAY site: http://localhost:PORT/flags',
      'Searching for 78 flags: from AA to CZ',
      '30 concurrent connections will be used.',
      '--------------------',
      '43 flags downloaded.',
      '35 not found.',
      'Elapsed time: N.NNs',
      '',
    ].join('\n'),
  );
  expect(status).toBe(0);
});
