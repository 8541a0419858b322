import { Agent, request } from 'undici';
import { CONCURRENCY, downloadAll } from './download-all.mjs';

const dispatcher = new Agent({ connections: CONCURRENCY });

await downloadAll(async (url) => {
  const { statusCode, body } = await request(url, { dispatcher });
  if (statusCode !== 200) throw new Error(`${url}: ${String(statusCode)}`);
  return body.bytes();
});
await dispatcher.close();
