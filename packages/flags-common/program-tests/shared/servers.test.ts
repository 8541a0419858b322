import { startFlagServer } from '@concurrent-executors/flags-common/server';
import { describe, expect, test } from 'vitest';
import { serveHttp, serveTcp } from '../../test/raw-server.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { program, run, start } from '../program.ts';

/** A port on which nothing listens. */
async function freePort(): Promise<number> {
  const server = await serveTcp(() => undefined);
  await server[Symbol.asyncDispose]();
  return server.port;
}

test('starts a server where nothing listens, and stops it', async () => {
  const port = String(await freePort());
  await using folder = await temporaryFolder();
  const { stdout, stderr } = await run('br', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: port },
  });
  expect(stdout).toContain(`LOCAL site: http://localhost:${port}/flags\n`);
  expect(stderr).toContain(
    `LOCAL server: nothing listens on port ${port}; started an embedded one at http://localhost:${port}/flags\n`,
  );
  expect(stdout).toContain('\n1 flag downloaded.\n');
  await expect(fetch(`http://localhost:${port}`)).rejects.toThrow();
});

test('two runs at once get along', async () => {
  const env = { FLAGS_LOCAL_PORT: String(await freePort()) };
  await using folder = await temporaryFolder();
  const both = await Promise.all(
    ['br', 'us'].map((cc) => run(cc, { cwd: folder.path, env })),
  );
  for (const { stdout, status } of both) {
    expect(stdout).toContain('\n1 flag downloaded.\n');
    expect(status).toBe(0);
  }
});

test('leaves the embedded server of another run alone', async () => {
  let requests = 0;
  await using other = await startFlagServer({
    embedded: true,
    onRequest: () => {
      requests += 1;
    },
  });
  await using folder = await temporaryFolder();
  const { stdout, stderr } = await run('br', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(other.port) },
  });
  expect(stdout).toContain('\n1 flag downloaded.\n');
  expect(stderr).toContain(
    `port ${String(other.port)} has the embedded server of another run; started`,
  );
  expect(requests).toBe(0);
});

test('uses another HTTP server that serves flags', async () => {
  await using server = await serveHttp((request, response) => {
    if (request.url?.endsWith('.gif')) response.end('GIF89a');
    else response.writeHead(404).end();
  });
  await using folder = await temporaryFolder();
  const { stdout, stderr } = await run('-v qq', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(server.port) },
  });
  expect(stdout).toContain('\nQQ OK\n');
  expect(stderr).toBe('');
});

test('refuses to download from a server without flags', async () => {
  await using server = await serveHttp((_, response) => {
    response.writeHead(404).end();
  });
  await using folder = await temporaryFolder();
  const port = String(server.port);
  const result = await run('', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: port },
  });
  expect(result).toEqual({
    stdout: '',
    stderr: `${program.name}: error: port ${port} is held by a program that serves no flags (HTTP error 404 - Not Found: ${server.url}/cn/cn.gif); stop it, or set FLAGS_LOCAL_PORT to another port\n`,
    status: 1,
  });
});

test('does not wait for ever for something that never answers', async () => {
  await using server = await serveTcp(() => undefined);
  await using folder = await temporaryFolder();
  const { stdout, stderr, status } = await run('--timeout 0.25', {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(server.port) },
  });
  expect(stdout).toBe('');
  expect(stderr).toContain('(timed out after 6.1 s: ');
  expect(status).toBe(1);
});

describe('--no-embedded', () => {
  test('fails where nothing listens', async () => {
    const port = String(await freePort());
    await using folder = await temporaryFolder();
    const result = await run('--no-embedded', {
      cwd: folder.path,
      env: { FLAGS_LOCAL_PORT: port },
    });
    expect(result).toEqual({
      stdout: '',
      stderr: `${program.name}: error: LOCAL server: nothing listens on port ${port}; start it with "npx nx run slow-server:serve", or leave out --no-embedded\n`,
      status: 1,
    });
  });

  test('uses a server that stands', async () => {
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    const { stdout, status } = await run('--no-embedded br', {
      cwd: folder.path,
      env: { FLAGS_LOCAL_PORT: String(server.port) },
    });
    expect(stdout).toContain('\n1 flag downloaded.\n');
    expect(status).toBe(0);
  });
});

test('a program that is killed takes its server along', async () => {
  await using folder = await temporaryFolder();
  await using running = start('-s DELAY', { cwd: folder.path });
  await running.printed('DELAY site: ');
  running.child.kill('SIGKILL');
  // The pipe of standard error closes when the server has ended as well.
  const { stdout, status } = await running.finished;
  expect(status).toBe('SIGKILL');
  const [, url] = /DELAY site: (\S+)/.exec(stdout) ?? [];
  await expect(fetch(String(url))).rejects.toThrow();
});
