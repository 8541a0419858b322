// Shows the bars: `npx nx demo progress`, or `node examples/demo.mjs` after a build.
import { setTimeout as sleep } from 'node:timers/promises';
import { progress, ProgressBar } from '@concurrent-executors/progress';

// An array: its length is the total.
const countries = ['BR', 'CN', 'ID', 'IN', 'JP', 'MX', 'NG', 'PK', 'RU', 'US'];
const flags = progress(countries, { description: 'flags', unit: 'flag' });
for await (const country of flags) {
  flags.bar.postfix = country;
  await sleep(100 + Math.random() * 200);
  if (country === 'JP') flags.bar.write('JP took a second attempt');
}

// A generator: its total is unknown.
async function* pages() {
  for (let page = 0; page < 25; page += 1) {
    await sleep(60);
    yield page;
  }
}
for await (const page of progress(pages(), {
  description: 'pages',
  unit: 'page',
}))
  void page;

// Bars within a bar: the inner ones vanish.
for await (const round of progress([1, 2, 3], { description: 'rounds' }))
  for await (const step of progress(Array(20).keys(), {
    total: 20,
    description: `round ${round}`,
    leave: false,
  }))
    await sleep(20 + step);

// Counted by hand, in bytes.
const total = 250_000_000;
const download = new ProgressBar({
  total,
  description: 'download',
  unit: 'B',
  unitScale: true,
});
while (download.count < total) {
  await sleep(20);
  download.update(Math.min(Math.random() * 5_000_000, total - download.count));
}
download.close();
