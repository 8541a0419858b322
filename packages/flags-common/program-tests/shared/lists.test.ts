import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startFlagServer } from '@concurrent-executors/flags-common/server';
import { describe, expect, test } from 'vitest';
import { serveHttp } from '../../test/raw-server.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { downloaded } from '../downloaded.ts';
import { startProxy } from '../proxy.ts';
import { program, run, start, withoutTime } from '../program.ts';

/** Writes a list of URLs, one for each flag of a server. */
async function listFlags(
  folder: string,
  baseUrl: string,
  codes: readonly string[],
): Promise<void> {
  const lines = codes.map((cc) => `${baseUrl}/${cc}/${cc}.gif\n`);
  await writeFile(join(folder, 'urls.txt'), lines.join(''));
}

const CODES = ['br', 'cn', 'id', 'in', 'us'];
const FILES = CODES.map((cc) => `${cc}.gif`);

test('a list of URLs', async () => {
  await using server = await startFlagServer();
  await using folder = await temporaryFolder();
  await listFlags(folder.path, server.url, CODES);
  const { stdout, stderr, status } = await run('--input urls.txt', {
    cwd: folder.path,
  });
  const { defaultConcurrency } = program;
  expect(withoutTime(stdout)).toBe(
    [
      'List: urls.txt',
      `Folder: ${join(folder.path, 'downloaded')}`,
      defaultConcurrency === 1
        ? '1 connection will be used.'
        : `${String(defaultConcurrency)} concurrent connections will be used.`,
      '--------------------',
      '5 files downloaded.',
      'Elapsed time: N.NNs',
      '',
    ].join('\n'),
  );
  expect(stderr).toContain('5/5');
  expect(status).toBe(0);
  expect(await downloaded(folder.path)).toEqual(FILES);
});

test('from standard input, the first of them', async () => {
  await using server = await startFlagServer();
  await using folder = await temporaryFolder();
  await using running = start('--input - -l 3 --progress none', {
    cwd: folder.path,
    input: 'pipe',
  });
  // The list never ends; three lines are enough.
  for (const cc of CODES) {
    running.child.stdin?.write(`${server.url}/${cc}/${cc}.gif\n`);
  }
  const { stdout, stderr, status } = await running.finished;
  expect(stdout).toContain('List: standard input\n');
  expect(stdout).toContain('\n3 files downloaded.\n');
  expect([stderr, status]).toEqual(['', 0]);
});

test('standard input that says nothing is no reason not to end', async () => {
  await using folder = await temporaryFolder();
  await using running = start('--input - --progress none', {
    cwd: folder.path,
    input: 'pipe',
  });
  await running.printed('will be used.');
  running.child.kill('SIGINT');
  const { stdout, status } = await running.finished;
  expect(stdout).toContain('\n0 files downloaded.\n');
  expect(status).toBe(130);
});

test('what is not there is an error of a list', async () => {
  await using server = await startFlagServer();
  await using folder = await temporaryFolder();
  await listFlags(folder.path, server.url, ['br', 'qq']);
  const { stdout, status } = await run('--input urls.txt -v', {
    cwd: folder.path,
  });
  expect(stdout).toContain(`\nqq.gif not found: ${server.url}/qq/qq.gif\n`);
  expect(stdout).toContain('\n1 file downloaded.\n1 not found.\n');
  expect(status).toBe(1);
});

test('an error has its URL', async () => {
  await using server = await startFlagServer({ errorRate: 1 });
  await using folder = await temporaryFolder();
  await listFlags(folder.path, server.url, ['br']);
  const { stdout, stderr, status } = await run('--input urls.txt', {
    cwd: folder.path,
  });
  expect(stdout).toContain('\n0 files downloaded.\n1 error.\n');
  expect(stderr).toContain(
    `The first error: br.gif error: HTTP error 418 - I'm a Teapot: ${server.url}/br/br.gif (-v shows them all)\n`,
  );
  expect(status).toBe(1);
});

test('a password is sent, and neither shown nor recorded', async () => {
  const seen: unknown[] = [];
  await using server = await serveHttp((request, response) => {
    seen.push(request.headers.authorization);
    response.writeHead(401).end();
  });
  await using folder = await temporaryFolder();
  const url = `${server.url.replace('//', '//me:secret@')}/a\n`;
  await writeFile(join(folder.path, 'urls.txt'), url);
  const { stdout, stderr, status } = await run(
    '--input urls.txt -v --log jsonl --har run.har --timeline run.html --trace run.json',
    { cwd: folder.path },
  );
  expect(seen).toEqual([
    `Basic ${Buffer.from('me:secret').toString('base64')}`,
  ]);
  const manifest = 'downloaded/.downloads/manifest.jsonl';
  const written = [manifest, 'run.har', 'run.html', 'run.json'].map((name) =>
    readFile(join(folder.path, name), 'utf8'),
  );
  const texts = [stdout, stderr, ...(await Promise.all(written))];
  for (const text of texts) {
    expect(text).toContain(`${server.url}/a`);
    expect(text).not.toMatch(/secret|bWU6c2VjcmV0/);
  }
  expect(status).toBe(1);
});

test('a list that cannot be read ends the run with one line', async () => {
  await using folder = await temporaryFolder();
  const { stderr, status } = await run('--input urls.txt --progress none', {
    cwd: folder.path,
  });
  expect(stderr).toBe(
    `${program.name}: error: cannot read urls.txt: no such file or directory (ENOENT)\n`,
  );
  expect(status).toBe(1);
});

describe('another run', () => {
  test('downloads everything again', async () => {
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    await listFlags(folder.path, server.url, CODES);
    await run('--input urls.txt', { cwd: folder.path });
    const { stdout } = await run('--input urls.txt', { cwd: folder.path });
    expect(stdout).toContain('\n5 files downloaded.\nElapsed');
  });

  test('with --resume only what is missing', async () => {
    let requests = 0;
    await using server = await startFlagServer({
      onRequest: () => {
        requests += 1;
      },
    });
    await using folder = await temporaryFolder();
    await listFlags(folder.path, server.url, CODES.slice(0, 3));
    await run('--input urls.txt', { cwd: folder.path });
    await rm(join(folder.path, 'downloaded', 'br.gif'));
    await listFlags(folder.path, server.url, CODES);
    requests = 0;
    const { stdout, status } = await run('--input urls.txt --resume', {
      cwd: folder.path,
    });
    expect(stdout).toContain('\n3 files downloaded.\n2 already there.\n');
    expect(status).toBe(0);
    expect(requests).toBe(3);
    expect(await downloaded(folder.path)).toEqual(FILES);
  });

  test('with --refresh only what has changed', async () => {
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    await listFlags(folder.path, server.url, CODES);
    await run('--input urls.txt', { cwd: folder.path });
    await appendFile(join(folder.path, 'downloaded', 'br.gif'), 'more');
    const { stdout, status } = await run('--input urls.txt --refresh', {
      cwd: folder.path,
    });
    expect(stdout).toContain('\n1 file downloaded.\n4 unchanged.\n');
    expect(status).toBe(0);
  });

  test('goes on where one was killed', async () => {
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    const codes = Array.from({ length: 26 }, (_, index) =>
      String.fromCharCode(97 + index),
    ).flatMap((first) =>
      ['a', 'e', 'i', 'm', 'o', 'r'].map((second) => first + second),
    );
    await listFlags(folder.path, server.url, codes);
    {
      await using running = start('--input urls.txt -v', { cwd: folder.path });
      await running.printed('br.gif OK');
      running.child.kill('SIGKILL');
      await running.finished;
    }
    const { stdout, status } = await run('--input urls.txt --resume', {
      cwd: folder.path,
    });
    // The others have no flag.
    expect(status).toBe(1);
    expect(stdout).toMatch(/\n\d+ files downloaded\.\n/);
    const original = new URL('../../data/flags/', import.meta.url);
    const names = await downloaded(folder.path);
    expect(names).toContain('za.gif');
    for (const name of names) {
      const saved = await readFile(join(folder.path, 'downloaded', name));
      const code = name.slice(0, 2);
      expect(
        saved.equals(await readFile(new URL(`${code}/${name}`, original))),
        name,
      ).toBe(true);
    }
  });
});

test('--per-host holds over all workers', async () => {
  const expected = Math.min(3, program.maxConcurrency);
  let underWay = 0;
  let most = 0;
  let waiting: (() => void)[] = [];
  await using server = await serveHttp((_, response) => {
    underWay += 1;
    most = Math.max(most, underWay);
    waiting.push(() => {
      underWay -= 1;
      response.end('x');
    });
    // Nobody is answered before as many have come as may come.
    if (waiting.length === expected) {
      for (const answer of waiting) answer();
      waiting = [];
    }
  });
  await using folder = await temporaryFolder();
  const urls = Array.from(
    { length: 4 * expected },
    (_, index) => `${server.url}/${String(index)}\n`,
  );
  await writeFile(join(folder.path, 'urls.txt'), urls.join(''));
  const { stdout } = await run('--input urls.txt -m 100 --per-host 3', {
    cwd: folder.path,
  });
  expect(stdout).toContain(`\n${String(urls.length)} files downloaded.\n`);
  expect(most).toBe(expected);
});

describe('a proxy', () => {
  test.for(['environment', 'option', 'none', 'no_proxy'])(
    'of the %s',
    async (where) => {
      await using through = await startProxy();
      await using server = await startFlagServer();
      await using folder = await temporaryFolder();
      await listFlags(folder.path, server.url, ['br']);
      const option =
        where === 'option'
          ? `--proxy ${through.url}`
          : where === 'none'
            ? '--proxy none'
            : '';
      const { status } = await run(`--input urls.txt ${option}`.trim(), {
        cwd: folder.path,
        env: {
          http_proxy: where === 'option' ? '' : through.url,
          no_proxy: where === 'no_proxy' ? 'localhost' : '',
        },
      });
      expect(status).toBe(0);
      const isUsed = where === 'environment' || where === 'option';
      expect(through.asked).toEqual(isUsed ? [`${server.url}/br/br.gif`] : []);
    },
  );

  test('is not for the servers on this machine', async () => {
    await using through = await startProxy();
    await using folder = await temporaryFolder();
    const { status } = await run('br', {
      cwd: folder.path,
      env: { http_proxy: through.url },
    });
    expect(status).toBe(0);
    expect(through.asked).toEqual([]);
  });
});
