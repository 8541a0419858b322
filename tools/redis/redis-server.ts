import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const NAMES = ['redis-server', 'valkey-server'];

/**
 * The Redis for the tests: `REDIS_SERVER`, or one that is on `PATH`; undefined if there is
 * none. With `REQUIRE_REDIS=1` that is an error.
 */
export function findRedis(): string | undefined {
  const { REDIS_SERVER, PATH = '', REQUIRE_REDIS } = process.env;
  if (REDIS_SERVER !== undefined) return REDIS_SERVER;
  const found = PATH.split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find(isExecutable);
  if (found === undefined && REQUIRE_REDIS === '1') {
    throw new Error(
      `REQUIRE_REDIS is set, but there is no ${NAMES.join(', ')} on PATH and no REDIS_SERVER`,
    );
  }
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A server of the tests' own, in a folder of its own. */
export interface RedisServer extends AsyncDisposable {
  /** For `redis:` options: `unix:/…/redis.sock`. */
  readonly url: string;
  readonly socket: string;
  /** Its folder, where it keeps what it writes. */
  readonly folder: string;
  readonly pid: number;
  /** Ends it by SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, on the same socket, with what it has written. */
  restart(): Promise<void>;
  /** The answer of one command in the plain protocol, for instance `'PING'`. */
  ask(command: string): Promise<string>;
}

/**
 * Starts a server on a socket, without a port and without files.
 *
 * @param options more of them, as on its command line: `'--appendonly yes'`
 */
export async function startRedis(
  executable: string,
  ...options: readonly string[]
): Promise<RedisServer> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const socket = join(folder, 'redis.sock');
  const args = [
    '--port 0',
    `--unixsocket ${socket}`,
    `--dir ${folder}`,
    "--save ''",
    '--appendonly no',
    ...options,
  ].flatMap((option) => option.split(' '));
  const launch = async (): Promise<ChildProcess> => {
    const child = spawn(executable, args, { stdio: 'ignore' });
    await answers(socket, child);
    return child;
  };
  let child = await launch();
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  return {
    url: `unix:${socket}`,
    socket,
    folder,
    get pid() {
      return child.pid ?? 0;
    },
    kill,
    async restart() {
      await kill();
      child = await launch();
    },
    ask: (command) => ask(socket, command),
    async [Symbol.asyncDispose]() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when the server answers, also after it has read its files. */
async function answers(socket: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) {
      throw new Error(`redis-server exited with ${String(child.exitCode)}`);
    }
    const answer = await ask(socket, 'PING').catch(() => '');
    if (/^\+PONG|^-NOAUTH/.test(answer)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

function ask(path: string, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let answer = '';
    socket
      .on('error', reject)
      .on('connect', () => socket.write(`${command}\r\n`))
      .on('data', (data) => {
        answer += data.toString();
        // Of a longer answer the first part is enough for a test.
        if (answer.endsWith('\r\n')) socket.destroy();
      })
      .on('close', () => {
        resolve(answer.trim());
      });
  });
}
