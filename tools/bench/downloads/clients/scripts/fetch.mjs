import { downloadAll } from './download-all.mjs';

await downloadAll(async (url) => {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${String(response.status)}`);
  return new Uint8Array(await response.arrayBuffer());
});
