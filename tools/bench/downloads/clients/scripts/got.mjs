import { Agent } from 'node:http';
import got from 'got';
import { CONCURRENCY, downloadAll } from './download-all.mjs';

const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
const client = got.extend({ agent: { http: agent } });

await downloadAll((url) => client(url).buffer());
agent.destroy();
