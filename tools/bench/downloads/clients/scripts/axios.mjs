import { Agent } from 'node:http';
import axios from 'axios';
import { CONCURRENCY, downloadAll } from './download-all.mjs';

const httpAgent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY });
const client = axios.create({ httpAgent, responseType: 'arraybuffer' });

await downloadAll(async (url) => (await client.get(url)).data);
httpAgent.destroy();
