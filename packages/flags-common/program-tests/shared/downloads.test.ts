import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ALL } from '@concurrent-executors/flags-common';
import { startFlagServer } from '@concurrent-executors/flags-common/server';
import { describe, expect, test } from 'vitest';
import { serveHttp } from '../../test/raw-server.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { downloaded } from '../downloaded.ts';
import { holdAllButAndorra } from '../holding-server.ts';
import { program, run, withoutTime } from '../program.ts';

/** How the initial report counts connections. */
function connections(
  codes: number,
  asked = program.defaultConcurrency,
): string {
  const used = Math.min(asked, program.maxConcurrency, codes);
  return used === 1
    ? '1 connection will be used.'
    : `${String(used)} concurrent connections will be used.`;
}

/** Expects exactly these flags in the folder, byte for byte. */
async function expectFlags(folder: string, codes: readonly string[]) {
  const directory = join(folder, 'downloaded');
  expect(await downloaded(folder)).toEqual(codes.map((cc) => `${cc}.gif`));
  for (const cc of codes) {
    const code = cc.toLowerCase();
    const original = new URL(
      `../../data/flags/${code}/${code}.gif`,
      import.meta.url,
    );
    const saved = await readFile(join(directory, `${cc}.gif`));
    expect(saved.equals(await readFile(original)), cc).toBe(true);
  }
}

const POP20_SORTED =
  'BD BR CD CN DE EG ET FR ID IN IR JP MX NG PH PK RU TR US VN'.split(' ');

test('all defaults: 20 flags from an embedded LOCAL server', async () => {
  await using folder = await temporaryFolder();
  const { stdout, stderr, status } = await run('', { cwd: folder.path });
  const [, url] = /started an embedded one at (\S+)\n/.exec(stderr) ?? [];
  expect(url).toMatch(/^http:\/\/localhost:\d+\/flags$/);
  expect(withoutTime(stdout)).toBe(
    [
      `LOCAL site: ${String(url)}`,
      'Searching for 20 flags: from BD to VN',
      connections(20),
      '--------------------',
      '20 flags downloaded.',
      'Elapsed time: N.NNs',
      '',
    ].join('\n'),
  );
  expect(stderr).toContain('20/20');
  expect(status).toBe(0);
  await expectFlags(folder.path, POP20_SORTED);
  // No process of the server holds the port any more.
  await expect(fetch(String(url))).rejects.toThrow();
});

test('a b c from a standing DELAY server: 78, of which 43', async () => {
  let requests = 0;
  await using server = await startFlagServer({
    onRequest: () => {
      requests += 1;
    },
  });
  await using folder = await temporaryFolder();
  const env = { FLAGS_DELAY_PORT: String(server.port) };
  const { stdout, stderr, status } = await run('-s delay a b c', {
    cwd: folder.path,
    env,
  });
  expect(withoutTime(stdout)).toBe(
    [
      `DELAY site: ${server.url}`,
      'Searching for 78 flags: from AA to CZ',
      connections(78),
      '--------------------',
      '43 flags downloaded.',
      '35 not found.',
      'Elapsed time: N.NNs',
      '',
    ].join('\n'),
  );
  expect(stderr).not.toContain('started');
  expect(status).toBe(0);
  expect(requests).toBe(78);
  await expectFlags(
    folder.path,
    ALL.filter((cc) => cc < 'D'),
  );
});

test('-e: 676, of which 194', async () => {
  await using folder = await temporaryFolder();
  const { stdout, status } = await run('-e', { cwd: folder.path });
  expect(stdout).toContain('Searching for 676 flags: from AA to ZZ');
  expect(stdout).toContain('\n194 flags downloaded.\n482 not found.\n');
  expect(status).toBe(0);
  await expectFlags(folder.path, ALL);
});

test('-s ERROR -al 100 -m 100: from AD to LK, and 1 for the errors', async () => {
  await using server = await startFlagServer({ errorRate: 0.25 });
  await using folder = await temporaryFolder();
  const env = { FLAGS_ERROR_PORT: String(server.port) };
  const { stdout, stderr, status } = await run('-s ERROR -al 100 -m 100', {
    cwd: folder.path,
    env,
  });
  expect(stdout).toContain('Searching for 100 flags: from AD to LK');
  expect(stdout).toContain(connections(100, 100));
  const [, flags, errors] =
    /^(\d+) flags downloaded\.\n(\d+) errors\.\n/m.exec(stdout) ?? [];
  expect(Number(flags) + Number(errors)).toBe(100);
  expect(stderr).toMatch(
    /^The first error: [A-L][A-Z] error: HTTP error 418 - I'm a Teapot/m,
  );
  expect(status).toBe(1);
  expect(await downloaded(folder.path)).toHaveLength(Number(flags));
});

test('as many connections as reported are used at once', async () => {
  const expected = Math.min(100, program.maxConcurrency);
  let underWay = 0;
  let most = 0;
  let probed = false;
  let waiting: (() => void)[] = [];
  await using server = await serveHttp((request, response) => {
    if (!probed) {
      probed = request.url === '/flags/cn/cn.gif';
      response.writeHead(probed ? 418 : 404).end();
      return;
    }
    underWay += 1;
    most = Math.max(most, underWay);
    waiting.push(() => {
      underWay -= 1;
      response.writeHead(404).end();
    });
    // Nobody is answered before as many have come as may come.
    if (waiting.length === expected) {
      for (const answer of waiting) answer();
      waiting = [];
    }
  });
  await using folder = await temporaryFolder();
  const { stdout } = await run('-el 200 -m 100', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(server.port) },
  });
  expect(stdout).toContain(`\n${connections(200, 100)}\n`);
  expect(stdout).toContain('\n200 not found.\n');
  expect(most).toBe(expected);
});

test('-v shows every outcome and no bar', async () => {
  await using server = await startFlagServer();
  await using folder = await temporaryFolder();
  const { stdout, stderr } = await run('-v br qq us', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(server.port) },
  });
  const lines = stdout.split('\n');
  expect(lines[1]).toBe('Searching for 3 flags: BR, QQ, US');
  expect(lines.slice(3, 6).sort()).toEqual([
    'BR OK',
    `QQ not found: ${server.url}/qq/qq.gif`,
    'US OK',
  ]);
  expect(lines.slice(6, 9)).toEqual([
    '-'.repeat(20),
    '2 flags downloaded.',
    '1 not found.',
  ]);
  expect(stderr).toBe('');
});

test('-v shows what each error was', async () => {
  await using server = await startFlagServer({ errorRate: 1 });
  await using folder = await temporaryFolder();
  const { stdout, status } = await run('-v br', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(server.port) },
  });
  expect(stdout).toContain("\nBR error: HTTP error 418 - I'm a Teapot\n");
  expect(stdout).toContain('\n0 flags downloaded.\n1 error.\n');
  expect(status).toBe(1);
});

test('--timeout bounds a download, not the search for its server', async () => {
  await using server = await startFlagServer({ delay: { min: 60, max: 60 } });
  await using folder = await temporaryFolder();
  const { stdout, status } = await run('-v bn --timeout 0.001', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(server.port) },
  });
  expect(stdout).toContain(
    `\nBN error: timed out after 0.001 s: ${server.url}/bn/bn.gif\n`,
  );
  expect(status).toBe(1);
});

test('--names saves under the names of the countries', async () => {
  await using folder = await temporaryFolder();
  const { stdout } = await run('--names cd ci kp qq --output=.', {
    cwd: folder.path,
  });
  expect(stdout).toContain('\n3 flags downloaded.\n1 not found.\n');
  expect(await downloaded(folder.path, '.')).toEqual([
    'Congo (Kinshasa).gif',
    "Côte d'Ivoire.gif",
    'Korea, North.gif',
  ]);
});

describe('--codes', () => {
  test('prints each code as its flag is saved', async () => {
    await using folder = await temporaryFolder();
    const { stdout, status } = await run('--codes', { cwd: folder.path });
    const [codes = '', report = ''] = stdout.split(' \n');
    const inOrder = codes.split(' ');
    expect(program.maxConcurrency === 1 ? inOrder : inOrder.sort()).toEqual(
      POP20_SORTED,
    );
    expect(withoutTime(report)).toBe('20 downloads in N.NNs\n');
    expect(status).toBe(0);
    await expectFlags(folder.path, POP20_SORTED);
  });

  test('ends at the first flag that is not found', async () => {
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    const { stdout, stderr, status } = await run('--codes qq', {
      cwd: folder.path,
      env: { FLAGS_LOCAL_PORT: String(server.port) },
    });
    expect(stdout).toBe('\n');
    expect(stderr).toBe(
      `${program.name}: error: QQ not found: ${server.url}/qq/qq.gif\n`,
    );
    expect(status).toBe(1);
  });

  test('ends at the first error, without waiting for other downloads', async () => {
    await using server = await holdAllButAndorra(418);
    await using folder = await temporaryFolder();
    const { stdout, stderr, status } = await run('--codes -a --timeout 3600', {
      cwd: folder.path,
      env: { FLAGS_LOCAL_PORT: String(server.port) },
    });
    expect(stdout).toBe('\n');
    expect(stderr).toBe(
      `${program.name}: error: AD error: HTTP error 418 - I'm a Teapot\n`,
    );
    expect(status).toBe(1);
  });
});
