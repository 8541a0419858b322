import { serveHttp, type RawServer } from '../test/raw-server.ts';

/**
 * Another HTTP server that serves flags: it answers for Andorra (AD), the first of
 * all codes, with the given status, and holds back every other answer for ever. So
 * a program that has the answer for AD still has downloads under way, or one to come.
 */
export function holdAllButAndorra(status: number): Promise<RawServer> {
  let probed = false;
  return serveHttp((request, response) => {
    if (request.url === '/flags/ad/ad.gif') {
      response.writeHead(status).end('GIF89a');
    } else if (request.url === '/.well-known/flag-server') {
      response.writeHead(404).end();
    } else if (request.url === '/flags/cn/cn.gif' && !probed) {
      probed = true;
      response.end('GIF89a');
    }
  });
}
