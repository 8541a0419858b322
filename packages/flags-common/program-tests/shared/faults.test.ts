import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  FAULT_KINDS,
  startFlagServer,
  type FaultKind,
} from '@concurrent-executors/flags-common/server';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../../test/temporary-folder.ts';
import { downloaded } from '../downloaded.ts';
import { run } from '../program.ts';

/** What each fault must come to: the message of the error, or nothing if there is none. */
const MESSAGES: Record<FaultKind, RegExp | undefined> = {
  error: /^HTTP error 418 - I'm a Teapot$/,
  'too-many': /^HTTP error 429 - Too Many Requests$/,
  unavailable: /^HTTP error 503 - Service Unavailable$/,
  redirect: undefined,
  'redirect-origin': undefined,
  'redirect-loop': /^more than 10 redirects: http/,
  'wrong-type': /^not a GIF picture \(content-type text\/html/,
  reset: /^connection reset by peer \(ECONNRESET\): http/,
  stall: /^timed out after 0\.5 s: http/,
  garbage: /does not match the HTTP\/1\.1 protocol/,
  'reset-body': /\((?:ECONNRESET|UND_ERR_SOCKET)\): http/,
  'stall-body': /^timed out after 0\.5 s: http/,
  truncate: /^other side closed \(UND_ERR_SOCKET\): http/,
  drip: /^timed out after 0\.5 s: http/,
  oversize: /^the answer is larger than 10 MB: http/,
  'wrong-length': /\(UND_ERR_\w+\): http/,
};

/** The faults that only the time-out of a download ends. */
const TIMES_OUT = new Set<FaultKind>(
  FAULT_KINDS.filter((kind) => MESSAGES[kind]?.source.includes('timed out')),
);

describe.for(FAULT_KINDS)('%s', (kind) => {
  const message = MESSAGES[kind];

  test('has the right tally, exit status and files', async () => {
    await using server = await startFlagServer({ faults: [{ kind }] });
    await using folder = await temporaryFolder();
    // Short only where nothing is to be done in time: a machine may be busy.
    const timeout = TIMES_OUT.has(kind) ? '0.5' : '60';
    const { stdout, stderr, status } = await run(`-v br --timeout ${timeout}`, {
      cwd: folder.path,
      env: { FLAGS_LOCAL_PORT: String(server.port) },
    });
    if (message === undefined) {
      expect(stdout).toContain('\nBR OK\n');
      expect(stdout).toContain('\n1 flag downloaded.\nElapsed');
      expect(status).toBe(0);
      expect(await downloaded(folder.path)).toEqual(['BR.gif']);
    } else {
      const [, told = ''] = /\nBR error: (.*)\n/.exec(stdout) ?? [];
      expect(told).toMatch(message);
      expect(stdout).toContain('\n0 flags downloaded.\n1 error.\n');
      expect(status).toBe(1);
      expect(await downloaded(folder.path)).toEqual([]);
    }
    expect(stderr).toBe('');
  });
});

test.for([
  'too-many',
  'unavailable',
  'reset',
  'stall',
  'garbage',
  'reset-body',
  'stall-body',
  'truncate',
  'drip',
] as const)('%s passes when it is tried again', async (kind) => {
  let requests = 0;
  await using server = await startFlagServer({
    faults: [
      {
        kind,
        times: 2,
        ...((kind === 'too-many' || kind === 'unavailable') && {
          retryAfter: 0,
        }),
      },
    ],
    onRequest: () => {
      requests += 1;
    },
  });
  await using folder = await temporaryFolder();
  // Reached twice by what times out; the third attempt has to be done in it.
  const timeout = TIMES_OUT.has(kind) ? '2' : '60';
  const { stdout, status } = await run(`br --timeout ${timeout} --retries 2`, {
    cwd: folder.path,
    env: { FLAGS_LOCAL_PORT: String(server.port) },
  });
  expect(stdout).toContain('\n1 flag downloaded.\nElapsed');
  expect(status).toBe(0);
  expect(requests).toBe(3);
  expect(await downloaded(folder.path)).toEqual(['BR.gif']);
});

test('all kinds together, in one list', async () => {
  await using server = await startFlagServer();
  await using folder = await temporaryFolder();
  const { origin } = new URL(server.url);
  const healthy = ['cn', 'in', 'us', 'id', 'br'];
  const lines = [
    ...FAULT_KINDS.map(
      (kind) => `${origin}/fault/${kind}/flags/jp/jp.gif ${kind}`,
    ),
    ...healthy.map((cc) => `${origin}/flags/${cc}/${cc}.gif`),
    `${origin}/flags/qq/qq.gif`,
    'not a URL',
  ];
  await writeFile(join(folder.path, 'urls'), lines.join('\n'));
  // What stalls takes all of it, and all the rest has to be done in it.
  const { stdout, stderr, status } = await run(
    '--input urls --timeout 5 --retries 0 --max-size 1M -m 30 --log jsonl',
    { cwd: folder.path },
  );
  const outcomes = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>); // checked below
  // Nobody looked at the type.
  const well = FAULT_KINDS.filter(
    (kind) => MESSAGES[kind] === undefined || kind === 'wrong-type',
  );
  const labels = (wanted: string): unknown[] =>
    outcomes
      .filter((outcome) => outcome['status'] === wanted)
      .map(({ label }) => label)
      .sort();
  const flags = healthy.map((cc) => `${cc}.gif`);
  expect(labels('OK')).toEqual([...well, ...flags].sort());
  expect(labels('NOT_FOUND')).toEqual(['qq.gif']);
  expect(labels('ERROR')).toEqual(
    [
      ...FAULT_KINDS.filter((kind) => !well.includes(kind)),
      `line ${String(lines.length)}`,
    ].sort(),
  );
  expect(stderr).toContain(
    `\n${String(well.length + flags.length)} files downloaded.\n1 not found.\n`,
  );
  expect(status).toBe(1);
  expect(await downloaded(folder.path)).toEqual([...well, ...flags].sort());
  const saved = await readFile(join(folder.path, 'downloaded', 'redirect'));
  const original = new URL('../../data/flags/jp/jp.gif', import.meta.url);
  expect(saved.equals(await readFile(original))).toBe(true);
});
