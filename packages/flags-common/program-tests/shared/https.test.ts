import { readFile, writeFile } from 'node:fs/promises';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { listen } from '../../test/raw-server.ts';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { downloaded } from '../downloaded.ts';
import { run } from '../program.ts';
import { startProxy } from '../proxy.ts';

const certificateFile = new URL(
  '../certificate/certificate.pem',
  import.meta.url,
);
const cert = await readFile(certificateFile);
const key = await readFile(new URL('../certificate/key.pem', import.meta.url));
const trusted = { NODE_EXTRA_CA_CERTS: fileURLToPath(certificateFile) };

/** Writes a list of five URLs. */
async function listOf(folder: string, port: number): Promise<void> {
  const lines = ['a', 'b', 'c', 'd', 'e'].map(
    (name) => `https://localhost:${String(port)}/${name}\n`,
  );
  await writeFile(join(folder, 'urls.txt'), lines.join(''));
}

interface Har {
  readonly log: {
    readonly entries: readonly {
      readonly request: { readonly httpVersion: string };
      readonly timings: Readonly<Record<string, number>>;
    }[];
  };
}

test.for([
  ['HTTP/1.1', 'HTTP/1.1'],
  ['HTTP/2, where it is offered', 'HTTP/2'],
] as const)('%s over TLS', async ([, version]) => {
  const versions = new Set<string>();
  await using server = await listen(
    version === 'HTTP/2'
      ? createSecureServer(
          { cert, key, allowHTTP1: true },
          (request, response) => {
            versions.add(request.httpVersion);
            response.end(`this is ${request.url}`);
          },
        )
      : createServer({ cert, key }, (request, response) => {
          versions.add(request.httpVersion);
          response.end(`this is ${String(request.url)}`);
        }),
  );
  await using folder = await temporaryFolder();
  await listOf(folder.path, server.port);
  const { stdout, status } = await run('--input urls.txt --har run.har', {
    cwd: folder.path,
    env: trusted,
  });
  expect(stdout).toContain('\n5 files downloaded.\n');
  expect(status).toBe(0);
  expect(await downloaded(folder.path)).toEqual(['a', 'b', 'c', 'd', 'e']);
  const saved = await readFile(join(folder.path, 'downloaded', 'c'), 'utf8');
  expect(saved).toBe('this is /c');
  expect([...versions]).toEqual([version === 'HTTP/2' ? '2.0' : '1.1']);
  const har = JSON.parse(
    await readFile(join(folder.path, 'run.har'), 'utf8'),
  ) as Har; // another test holds it against the schema
  expect(har.log.entries.map(({ request }) => request.httpVersion)).toEqual(
    Array(5).fill(version),
  );
  const handshakes = har.log.entries.filter(
    ({ timings }) => Number(timings['ssl']) > 0,
  );
  expect(handshakes.length).toBeGreaterThan(0);
});

test('through the tunnel of a proxy', async () => {
  await using server = await listen(
    createServer({ cert, key }, (_, response) => {
      response.end('from the server');
    }),
  );
  await using through = await startProxy();
  await using folder = await temporaryFolder();
  await listOf(folder.path, server.port);
  const { stdout, status } = await run(
    `--input urls.txt --proxy ${through.url}`,
    { cwd: folder.path, env: trusted },
  );
  expect(stdout).toContain('\n5 files downloaded.\n');
  expect(status).toBe(0);
  expect(new Set(through.asked)).toEqual(
    new Set([`CONNECT localhost:${String(server.port)}`]),
  );
  const saved = await readFile(join(folder.path, 'downloaded', 'c'), 'utf8');
  expect(saved).toBe('from the server');
});

test('a certificate that nobody trusts is refused, once', async () => {
  let connections = 0;
  const secure = createServer({ cert, key });
  secure.on('connection', () => (connections += 1));
  await using server = await listen(secure);
  await using folder = await temporaryFolder();
  const url = `https://localhost:${String(server.port)}/a\n`;
  await writeFile(join(folder.path, 'urls.txt'), url);
  const { stdout, status } = await run('--input urls.txt -v --retries 3', {
    cwd: folder.path,
  });
  // Newer versions of Node.js add advice.
  expect(stdout).toMatch(
    /\na error: self-signed certificate.* \(DEPTH_ZERO_SELF_SIGNED_CERT\): https:/,
  );
  expect(connections).toBe(1);
  expect(status).toBe(1);
});
