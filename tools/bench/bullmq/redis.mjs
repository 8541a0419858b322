/* A Redis of one measurement, on a socket in a folder, without a port and without files. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';

export const REDIS = process.env.REDIS_SERVER ?? 'redis-server';

const POLL = 10; // in milliseconds

/** @param {string} folder */
export async function startRedis(folder) {
  const socket = join(folder, `${String(process.pid)}.sock`);
  const child = spawn(
    REDIS,
    [
      ['--port', '0'],
      ['--unixsocket', socket],
      ['--dir', folder],
      ['--save', ''],
      ['--appendonly', 'no'],
    ].flat(),
    { stdio: 'ignore' },
  );
  process.on('exit', () => child.kill());
  await once(child, 'spawn');
  for (;;) {
    const answer = await ask(socket, 'PING').catch(() => '');
    if (answer.includes('+PONG')) break;
    if (child.exitCode !== null) {
      throw new Error(`${REDIS} exited with ${String(child.exitCode)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL));
  }
  return { socket, info: () => info(socket) };
}

/** The numbers of INFO, by their names. @param {string} socket */
async function info(socket) {
  const answer = await ask(socket, 'INFO everything');
  return Object.fromEntries(
    [...answer.matchAll(/^(\w+):([\d.]+)\r$/gm)].map(([, name, value]) => [
      name,
      Number(value),
    ]),
  );
}

/** @param {string} path @param {string} command @returns {Promise<string>} */
function ask(path, command) {
  return new Promise((resolve, reject) => {
    let answer = '';
    connect(path)
      .on('error', reject)
      .on('data', (data) => {
        answer += data.toString();
      })
      .on('close', () => {
        resolve(answer);
      })
      .end(`${command}\r\nQUIT\r\n`);
  });
}
