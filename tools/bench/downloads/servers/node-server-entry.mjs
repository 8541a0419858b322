// The process of node-server.mjs, with the arguments FOLDER and DELAY, in seconds.
//
// Not the flag server of this project: what that does for each request makes a delay of
// 50 ms one of 54 ms.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const [folder = '', delay = ''] = process.argv.slice(2);

/** A file of the site. */
const PATH = /^\/flags\/[\w-]+\.gif$/;

/** @param {string} path */
function contentOf(path) {
  if (!PATH.test(path)) return undefined;
  try {
    return readFileSync(join(folder, path));
  } catch {
    return undefined; // there is no such file
  }
}

/** @param {import('node:http').ServerResponse} response @param {Buffer} content */
function answer(response, content) {
  response.writeHead(200, {
    'Content-Type': 'image/gif',
    'Content-Length': content.length,
  });
  response.end(content);
}

const server = createServer((request, response) => {
  // Read now, so that the delay is all that is waited for.
  const content = contentOf(request.url ?? '');
  if (content === undefined) {
    response.writeHead(404).end();
  } else if (Number(delay) > 0) {
    setTimeout(answer, Number(delay) * 1_000, response, content);
  } else {
    answer(response, content);
  }
});
server.listen(0, '127.0.0.1', () => {
  process.send?.(server.address());
});
process.on('disconnect', () => process.exit());
