import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endGroup, trackGroup } from '../../process-groups.mjs';

/** Debian has it where only the path of root leads to. */
const COMMANDS = ['nginx', '/usr/sbin/nginx'];

/** nginx says this when it listens already. */
const STARTED = 'start worker process ';

/** The command and its version; undefined if it is not installed. */
export function findNginx() {
  for (const command of COMMANDS) {
    const { stderr } = spawnSync(command, ['-v'], { encoding: 'utf8' });
    const version = /nginx\/([\d.]+)/.exec(stderr ?? '')?.[1];
    if (version !== undefined) return { command, version };
  }
  return undefined;
}

/**
 * Serves the site with a nginx of its own.
 *
 * @param {string} command
 * @param {string} root the folder of the site
 * @param {string} folder for its own files
 * @returns {Promise<import('./server.mjs').Server>}
 */
export async function startNginx(command, root, folder) {
  const port = await freePort();
  const config = join(folder, 'nginx.conf');
  writeFileSync(config, configText(root, folder, port));
  const child = spawn(command, ['-p', folder, '-e', 'stderr', '-c', config], {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await once(child, 'spawn');
  const group = /** @type {number} */ (child.pid); // it was spawned
  trackGroup(group);
  const closed = once(child, 'close');
  const lines = createInterface({ input: child.stderr });
  /** @type {Promise<void>} */
  const started = new Promise((resolve, reject) => {
    let last = '';
    lines.on('line', (line) => {
      if (line.includes(STARTED)) resolve();
      last = line;
    });
    lines.on('close', () => {
      reject(new Error(`nginx did not start: ${last}`));
    });
  });
  await started;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    async stop() {
      child.kill('SIGTERM'); // so that it ends its worker itself
      await closed;
      endGroup(group);
    },
  };
}

/**
 * One worker: the client has the other processor, and the servers that are written in
 * JavaScript have one thread as well. Without `user`, a nginx of root takes another one
 * for its workers, which must be able to read the files.
 *
 * @param {string} root
 * @param {string} folder
 * @param {number} port
 */
const configText = (root, folder, port) => `\
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log stderr notice;
events {
  worker_connections 1024;
}
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 1000000;
  types {
    image/gif gif;
  }
  client_body_temp_path ${folder}/nginx-client-body;
  proxy_temp_path ${folder}/nginx-proxy;
  fastcgi_temp_path ${folder}/nginx-fastcgi;
  uwsgi_temp_path ${folder}/nginx-uwsgi;
  scgi_temp_path ${folder}/nginx-scgi;
  server {
    listen 127.0.0.1:${String(port)};
    root ${root};
  }
}
`;

/** nginx cannot tell which port it got. */
async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') {
    throw new TypeError('a server on a port has an address with that port');
  }
  return address.port;
}
