import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { FAULT_KINDS } from '@concurrent-executors/flags-common/server';
import { describe, expect, it } from 'vitest';
import { Program } from './program.ts';

function ask(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, resolve).on('error', reject);
  });
}

async function statusOf(url: string): Promise<number | undefined> {
  const response = await ask(url);
  await text(response);
  return response.statusCode;
}

describe('without arguments', () => {
  it('starts all three servers', async () => {
    await using program = new Program();
    const local = await program.url('LOCAL');
    await program.url('ERROR');
    expect(program.stdout).toMatch(
      /^LOCAL {2}http:\/\/localhost:\d+\/flags {2}no delay, no errors\nDELAY {2}http:\/\/localhost:\d+\/flags {2}delay 0\.5–5 s, no errors, seed [0-9a-f]{8}\nERROR {2}http:\/\/localhost:\d+\/flags {2}delay 0\.5–5 s, 25 % errors, seed [0-9a-f]{8}\n$/,
    );
    for (const label of ['LOCAL', 'DELAY', 'ERROR']) {
      const url = new URL('/.well-known/flag-server', await program.url(label));
      expect(JSON.parse(await text(await ask(url.href)))).toMatchObject({
        label,
        embedded: false,
      });
    }
    expect(await statusOf(`${local}/cn/cn.gif`)).toBe(200);
    expect(await program.printed(/CN/)).toMatch(/\nLOCAL CN delay: 0\.0s\n$/);
  });

  it('starts none if one port is in use', async () => {
    const taken = createServer();
    taken.listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const address = taken.address();
    const port = String(
      typeof address === 'object' ? address?.port : undefined,
    );
    await using program = new Program([], { FLAGS_ERROR_PORT: port });
    expect(await program.status()).toBe(1);
    expect(program.stdout).toBe('');
    expect(program.stderr).toBe(
      `slow-server: error: ERROR: port ${port} on 127.0.0.1 is in use: stop the program that listens there, or choose another port (FLAGS_ERROR_PORT=N)\n`,
    );
    taken.close();
    await once(taken, 'close');
  });
});

describe('with arguments', () => {
  it('starts the servers that are named', async () => {
    await using program = new Program(['error', 'Delay', 'ERROR']);
    await program.url('DELAY');
    expect(program.stdout).toMatch(/^ERROR {2}.*\nDELAY {2}.*\n$/);
  });

  it('takes a port as the program of the book does', async () => {
    await using program = new Program(['-e', '.25', '0']);
    await program.url('DELAY');
    expect(program.stdout).toMatch(
      /^DELAY {2}\S+ {2}delay 0\.5–5 s, 25 % errors, seed [0-9a-f]{8}\n$/,
    );
    await using named = new Program(['local', '0']);
    expect(await named.url('LOCAL')).toMatch(/:\d+\/flags$/);
  });

  it('takes the port of a single one', async () => {
    const port = { FLAGS_DELAY_PORT: 'not looked at' };
    await using program = new Program(['DELAY', '--port', '0'], port);
    expect(await program.url('DELAY')).toMatch(/:\d+\/flags$/);
  });

  it('prints each request and what went wrong with it', async () => {
    const options = ['--min-delay', '0', '--max-delay', '0.01', '-e', '.5'];
    // With this seed the first request for CN fails, the others do not.
    await using program = new Program(['DELAY', ...options, '--seed', '12']);
    const url = await program.url('DELAY');
    expect(program.stdout).toMatch(
      / {2}delay 0–0\.01 s, 50 % errors, seed 12\n$/,
    );
    for (const path of ['cn/cn.gif', 'br/br.gif', 'qq/qq.gif', 'br/x']) {
      await statusOf(`${url}/${path}`);
    }
    await program.printed(/\/x delay/);
    expect(program.stdout.split('\n').slice(1)).toEqual([
      "CN delay: 0.0s (fault error, 418 I'm a Teapot)",
      'BR delay: 0.0s',
      'QQ delay: 0.0s (404 Not Found)',
      '/flags/br/x delay: 0.0s (404 Not Found)',
      '',
    ]);
  });

  it('fails as it is told to, and tells how', async () => {
    await using program = new Program([
      ...['LOCAL', '--fault', 'too-many:times=1', '--fault', 'garbage:0.5'],
      ...['--seed', '1'],
    ]);
    const url = await program.url('LOCAL');
    expect(program.stdout).toMatch(
      / {2}no delay, no errors, faults too-many:times=1 garbage:rate=0\.5, seed 1\n$/,
    );
    expect(await statusOf(`${url}/cn/cn.gif`)).toBe(429);
    const failing = new URL('/fault/reset/flags/cn/cn.gif', url).href;
    await expect(statusOf(failing)).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    const printed = await program.printed(/fault reset/);
    expect(printed.split('\n').slice(1)).toEqual([
      'CN delay: 0.0s (fault too-many, 429 Too Many Requests)',
      '/fault/reset/flags/cn/cn.gif delay: 0.0s (fault reset)',
      '',
    ]);
  });

  it('is quiet if told to', async () => {
    await using program = new Program(['LOCAL', '-q']);
    const url = await program.url('LOCAL');
    expect(await statusOf(`${url}/cn/cn.gif`)).toBe(200);
    program.child.kill('SIGTERM');
    await program.status();
    expect(program.stdout).toMatch(/^LOCAL {2}.*\n$/);
  });

  it('serves another folder', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slow-server-'));
    await mkdir(join(directory, 'flags'));
    await writeFile(join(directory, 'flags', 'x.txt'), 'mine');
    {
      await using program = new Program(['LOCAL', '-d', directory]);
      const response = await ask(`${await program.url('LOCAL')}/x.txt`);
      expect(await text(response)).toBe('mine');
    }
    await rm(directory, { recursive: true });
  });

  it('listens where --bind says', async () => {
    await using program = new Program(['LOCAL', '-b', '127.0.0.2']);
    const url = await program.url('LOCAL');
    expect(url).toMatch(/^http:\/\/127\.0\.0\.2:/);
    expect(await statusOf(`${url}/cn/cn.gif`)).toBe(200);
  });

  it.each([
    [['REMOTE'], 'SERVER must be one of DELAY, ERROR, LOCAL, not "REMOTE"'],
    [['-e', '25'], '--error-rate must be a number from 0 to 1, not "25"'],
    [['-e', '-1'], '--error-rate must be a number from 0 to 1, not "-1"'],
    [['-e', ''], '--error-rate must be a number from 0 to 1, not ""'],
    [
      ['--min-delay', 'x'],
      '--min-delay must be a number of seconds, at least 0, not "x"',
    ],
    [
      ['--max-delay', '0.2'],
      '--min-delay must be <= --max-delay, but DELAY would have 0.5 and 0.2: give both',
    ],
    [
      ['LOCAL', '--max-delay', '9999999'],
      'LOCAL: delay must have 0 <= min <= max <= 2147483 seconds, not min 0 and max 9999999',
    ],
    [
      ['-p', '0'],
      '--port is for one server, not for 3: name the server, as in "slow-server DELAY --port 9001"',
    ],
    [
      ['LOCAL', '-p', '65536'],
      '--port must be an integer from 0 to 65535, not "65536"',
    ],
    [['-b', ''], 'LOCAL: host must be an address, not empty'],
    [
      ['LOCAL', 'DELAY', '9000'],
      '--port is for one server, not for 2: name the server, as in "slow-server DELAY --port 9001"',
    ],
    [['9000', '-p', '9001'], 'one port can be given, not 9000 and 9001'],
    [
      ['LOCAL', '65536'],
      'PORT must be an integer from 0 to 65535, not "65536"',
    ],
    [
      ['--fault', 'reset:2'],
      '--fault: rate of fault reset must be from 0 to 1, not 2',
    ],
    [
      ['--fault', 'stall', '--fault', 'drip:1:0'],
      '--fault: bytesPerSecond of fault drip must be an integer from 1 to 10000000, not 0',
    ],
    [
      ['--fault', 'hang'],
      '--fault: fault must be one of error, too-many, unavailable, redirect, redirect-origin, redirect-loop, wrong-type, reset, stall, garbage, reset-body, stall-body, truncate, drip, oversize, wrong-length, not "hang"',
    ],
    [['--fault'], "option '--fault <FAULT>' argument missing"],
    [['--sed', 'x'], "unknown option '--sed' (Did you mean --seed?)"],
    [['--seed'], "option '--seed <SEED>' argument missing"],
  ])('refuses %j', async (args, message) => {
    await using program = new Program(args);
    expect(await program.status()).toBe(2);
    expect(program.stdout).toBe('');
    expect(program.stderr).toBe(`slow-server: error: ${message}\n`);
  });

  it('refuses a port in the environment that is none', async () => {
    await using program = new Program([], { FLAGS_DELAY_PORT: 'x' });
    expect(await program.status()).toBe(2);
    expect(program.stderr).toBe(
      'slow-server: error: FLAGS_DELAY_PORT must be an integer from 0 to 65535, not "x"\n',
    );
  });

  it('refuses a folder that it cannot serve', async () => {
    await using program = new Program(['-d', '/dev/null']);
    expect(await program.status()).toBe(1);
    expect(program.stderr).toBe(
      'slow-server: error: cannot serve /dev/null: it needs a folder named "flags" that can be read\n',
    );
  });

  it('shows help and version', async () => {
    await using help = new Program(['--help']);
    expect(await help.status()).toBe(0);
    expect(help.stdout).toMatch(
      /^Usage: slow-server \[options\] \[SERVER\.\.\.\]/,
    );
    for (const kind of FAULT_KINDS) {
      expect(help.stdout).toMatch(new RegExp(`^  ${kind} +\\w`, 'm'));
    }
    await using version = new Program(['--version']);
    expect(await version.status()).toBe(0);
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('the end', () => {
  const hold = ['DELAY', '--min-delay', '3600', '--max-delay', '3600'];

  /** Sends a request that is held back, and resolves when the server has it. */
  async function holdBack(url: string): Promise<Socket> {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    const asked = ['/.well-known/flag-server', '/flags/cn/cn.gif'];
    socket.write(
      asked
        .map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
        .join(''),
    );
    await once(socket, 'data'); // the answer to the first, so both were read
    return socket;
  }

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)(
    'comes with %s: what is held back is answered, status %i',
    async (signal, status) => {
      await using program = new Program(hold);
      const socket = await holdBack(await program.url('DELAY'));
      program.child.kill(signal);
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 503 /);
      expect(await program.status()).toBe(status);
      expect(program.stdout).toMatch(
        /\nCN delay: 3600\.0s \(503 Service Unavailable\)\n$/,
      );
      expect(program.stderr).toBe('');
    },
  );

  it('comes at once with a second signal', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'slow-server-'));
    await mkdir(join(directory, 'flags'));
    // More than the socket buffers take, and never read: the program would wait for it.
    const large = Buffer.alloc(16 * 1024 * 1024);
    await writeFile(join(directory, 'flags', 'large'), large);
    {
      await using program = new Program(['LOCAL', '-d', directory]);
      const url = await program.url('LOCAL');
      const unread = await ask(`${url}/large`);
      const idle = connect(Number(new URL(url).port), '127.0.0.1');
      idle.write('HEAD /flags/x HTTP/1.1\r\nHost: localhost\r\n\r\n');
      await once(idle, 'data');
      program.child.kill('SIGINT');
      await once(idle.resume(), 'close'); // the first signal has been handled
      program.child.kill('SIGTERM');
      expect(await program.status()).toBe(143);
      unread.destroy();
    }
    await rm(directory, { recursive: true });
  });

  it('comes quietly if nobody reads the output any more', async () => {
    await using program = new Program(['LOCAL']);
    const url = await program.url('LOCAL');
    program.child.stdout?.destroy();
    await statusOf(`${url}/cn/cn.gif`);
    expect(await program.status()).toBe(0);
    expect(program.stderr).toBe('');
  });

  it('does not come because a client leaves', async () => {
    await using program = new Program(hold);
    const url = await program.url('DELAY');
    const socket = await holdBack(url);
    socket.destroy();
    expect(await program.printed(/left/)).toMatch(
      /\nCN delay: 3600\.0s \(client left\)\n$/,
    );
    const identity = new URL('/.well-known/flag-server', url);
    expect(await statusOf(identity.href)).toBe(200);
  });
});
