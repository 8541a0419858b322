import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { BrowserContextOptions, Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { ExchangeTrace } from '../src/trace/exchange-trace.ts';
import { TimelineFile } from '../src/trace/timeline-file.ts';
import { manyTraces, refused, trace } from './example-traces.ts';
import { temporaryFolder } from './temporary-folder.ts';
import {
  drawn,
  findBrowser,
  openPage,
} from '../../../tools/browser/browser.ts';

const browser = findBrowser();

/** Opens the timeline of these exchanges. */
async function openTimeline(
  traces: readonly ExchangeTrace[],
  options: BrowserContextOptions & { readonly title?: string } = {},
) {
  const { title = 'flags-test', ...context } = options;
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'timeline.html');
  using file = new TimelineFile(path, title);
  for (const exchange of traces) file.add(exchange);
  file.close();
  return await openPage(browser ?? '', path, context);
}

/** The texts of the rows that are drawn, without the bar. */
async function rows(page: Page): Promise<string[]> {
  await drawn(page);
  const texts = await page.locator('#rows > .row').allInnerTexts();
  return texts.map((text) => text.trim().replaceAll(/\s*\n\s*/g, ' | '));
}

async function labels(page: Page): Promise<string[]> {
  await drawn(page);
  return page.locator('#rows .label').allInnerTexts();
}

const details = (page: Page) =>
  page.getByRole('complementary', { name: 'Details of a request' });

/** The rows of the table of phases in the details. */
const phases = async (page: Page): Promise<string[]> => {
  const texts = await details(page).getByRole('row').allInnerTexts();
  return texts.map((text) => text.replaceAll(/\s+/g, ' '));
};

async function lowerEdge(part: Locator): Promise<number> {
  const { y, height } = (await part.boundingBox()) ?? { y: NaN, height: NaN };
  return y + height;
}

const shown = (page: Page): Promise<string> =>
  page.locator('#shown').innerText();

const grid = (page: Page) => page.getByRole('grid', { name: 'Requests' });

test('the data cannot leave its element, and credentials stay out', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'timeline.html');
  using file = new TimelineFile(path, '</script><!--');
  file.add(
    trace({
      label: '</SCRIPT><script>',
      url: 'https://user:s3cret@flags.example/',
      redirectUrl: 'https://user:s3cret@flags.example/',
      error: 'timed out: https://user:s3cret@flags.example/',
      requestHeaders: [['authorization', 's3cret']],
    }),
  );
  file.close();
  const html = await readFile(path, 'utf8');
  const [, rest = ''] = html.split(
    '<script id="data" type="application/json">',
  );
  const [data = ''] = rest.split('</script>');
  expect(JSON.parse(data)).toMatchObject({
    title: '</script><!--',
    entries: [{ label: '</SCRIPT><script>', url: 'https://flags.example/' }],
  });
  expect(data).not.toContain('<');
  expect(html).not.toMatch(/s3cret|user:/);
});

describe.skipIf(browser === undefined)('in a browser', () => {
  test('the summary tells what happened', async () => {
    await using open = await openTimeline([...manyTraces(1000), refused()], {
      title: 'flags-test -s ERROR',
    });
    const { page } = open;
    expect(await page.title()).toBe('flags-test -s ERROR');
    const figures = await page.locator('#summary > div').allInnerTexts();
    expect(figures.map((text) => text.split(/\s*\n\s*/))).toEqual([
      ['Requests', '1,001', 'no answer × 1 · 200 × 900 · 418 × 100'],
      ['Errors', '101', '10.1 % of all'],
      ['Received', '12 MB', expect.stringMatching(/^1\.\d+ MB a second$/)],
      ['Elapsed', expect.stringMatching(/^9\.\d+ s$/), expect.anything()],
      ['Peak concurrency', '11', expect.stringMatching(/^9\.\d+ on average$/)],
      ['First byte, median', '81 ms', 'p90 121 ms · p99 130 ms · max 139 ms'],
    ]);
    expect(await page.locator('#overview').getAttribute('aria-label')).toMatch(
      /^Requests in progress over 9\.\d+ s, at most 11 requests at once$/,
    );
    expect(open.incidents).toEqual([]);
  });

  test('a row and its details tell the phases of a request', async () => {
    await using open = await openTimeline([
      trace(),
      trace({
        label: 'IN',
        startedAt: trace().startedAt + 1500,
        attempt: 2,
        status: 503,
        statusText: 'Service Unavailable',
        redirectUrl: 'https://flags.example/elsewhere',
        phases: { ...refused().phases, dns: -1, wait: 1234, receive: 0.5 },
      }),
      refused({ startedAt: trace().startedAt + 3000 }),
    ]);
    const { page } = open;
    expect(await rows(page)).toEqual([
      'BR | 200 OK | thread 1 | 100 ms',
      'IN (attempt 2) | 503 Service Unavailable | thread 1 | 1.23 s',
      'XX | error | thread 1 | 2 ms',
    ]);
    expect(
      await page.locator('.row').first().locator('.bar > span').count(),
    ).toBe(7);
    await grid(page).focus();
    await page.keyboard.press('ArrowDown');
    expect(await details(page).innerText()).toContain(
      'https://flags.example/flags/br/br.gif',
    );
    expect(await phases(page)).toEqual([
      'Waiting for a connection 10 ms',
      'Name lookup 5 ms',
      'Connecting 10 ms',
      'TLS handshake 20 ms',
      'Sending 1 ms',
      'Waiting for the answer 50 ms',
      'Receiving 4 ms',
      'In all 100 ms',
    ]);
    await page.keyboard.press('ArrowDown');
    const facts = await details(page).locator('dl').innerText();
    expect(facts.replaceAll(/\s+/g, ' ')).toBe(
      'Status 503 Service Unavailable Leads to https://flags.example/elsewhere Attempt 2 Received 12 kB Started after 1.5 s Clock 2026-01-02 03:04:06.500Z Worker thread 1 Protocol HTTP/1.1 Server 127.0.0.1 Connection 1',
    );
    expect(await phases(page)).toEqual([
      'Waiting for a connection 0 ms',
      'Waiting for the answer 1.23 s',
      'Receiving 0.5 ms',
      'In all 1.23 s',
    ]);
    // A screen reader follows the choice.
    const active = await grid(page).getAttribute('aria-activedescendant');
    const row = page.locator(`#${active ?? ''}`);
    expect(await row.getAttribute('aria-selected')).toBe('true');
    expect(await row.innerText()).toContain('IN');
    // Pointing at a row shows it until the pointer leaves.
    await page.locator('.row', { hasText: 'XX' }).hover();
    expect(await details(page).innerText()).toContain(
      'connection refused (ECONNREFUSED)',
    );
    await page.getByRole('searchbox').hover();
    expect(await details(page).innerText()).toContain('503');
    expect(open.incidents).toEqual([]);
  });

  test('bars are where the time says', async () => {
    await using open = await openTimeline([
      trace(),
      trace({ label: 'IN', startedAt: trace().startedAt + 100 }),
    ]);
    const { page } = open;
    await drawn(page);
    const axis = await page.locator('#axis').boundingBox();
    const waits = page.locator('.bar > .wait');
    for (const [index, start] of [46, 146].entries()) {
      const box = await waits.nth(index).boundingBox();
      const scale = (axis?.width ?? 0) / 200;
      expect(box?.x).toBeCloseTo((axis?.x ?? 0) + start * scale, 0);
      expect(box?.width).toBeCloseTo(50 * scale, 0);
    }
    expect(await page.locator('#axis').innerText()).toMatch(/^0 ms.*200 ms$/s);
  });

  test('filter, errors only and sort', async () => {
    await using open = await openTimeline(manyTraces(30));
    const { page } = open;
    const search = page.getByRole('searchbox', { name: 'Filter' });
    expect(await shown(page)).toBe('30 of 30 requests');
    await search.fill('FLAGS/1');
    expect(await shown(page)).toBe('11 of 30 requests');
    await page.getByLabel('Errors only').check();
    expect(await labels(page)).toEqual(['F19']);
    await search.fill('');
    expect(await shown(page)).toBe('3 of 30 requests');
    await page.getByLabel('Sort by').selectOption('label');
    expect(await labels(page)).toEqual(['F9', 'F19', 'F29']);
    await page.getByLabel('Errors only').uncheck();
    await search.fill('teapot');
    expect((await labels(page)).sort()).toEqual(['F19', 'F29', 'F9']);
    await search.fill('thread 1');
    await page.getByLabel('Sort by').selectOption('worker');
    const workers = await page.locator('#rows .worker').allInnerTexts();
    expect(new Set(workers)).toEqual(new Set(['thread 1', 'thread 10']));
    expect(workers.at(-1)).toBe('thread 10');
    await search.fill('');
    await page.getByLabel('Sort by').selectOption('duration');
    await drawn(page);
    const times = await page.locator('#rows .duration').allInnerTexts();
    const sorted = times.map((text) => parseFloat(text));
    expect(sorted.length).toBeGreaterThan(10);
    expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
    await search.fill('no such request');
    expect(await shown(page)).toBe('0 of 30 requests');
    expect(await labels(page)).toEqual([]);
    expect(open.incidents).toEqual([]);
  });

  test('zoom by keys, buttons and the graph', async () => {
    await using open = await openTimeline(
      Array.from({ length: 10 }, (_, index) =>
        trace({
          label: `F${String(index)}`,
          startedAt: trace().startedAt + index * 100,
        }),
      ),
    );
    const { page } = open;
    await grid(page).focus();
    await page.keyboard.press('+');
    expect(await shown(page)).toBe('6 of 10 requests, 250 ms to 750 ms');
    expect(await labels(page)).toEqual(['F2', 'F3', 'F4', 'F5', 'F6', 'F7']);
    await page.keyboard.press('ArrowLeft');
    expect(await shown(page)).toBe('6 of 10 requests, 125 ms to 625 ms');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    expect(await shown(page)).toBe('6 of 10 requests, 500 ms to 1 s');
    await page.keyboard.press('0');
    expect(await shown(page)).toBe('10 of 10 requests');
    await page.keyboard.press('Home');
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await page.getByRole('button', { name: 'Zoom in' }).click();
    // Around the chosen request.
    expect(await shown(page)).toBe('3 of 10 requests, 0 ms to 250 ms');
    await page.getByRole('button', { name: 'Zoom out' }).click();
    expect(await shown(page)).toBe('6 of 10 requests, 0 ms to 500 ms');
    await page.getByRole('button', { name: 'All' }).click();
    expect(await shown(page)).toBe('10 of 10 requests');
    const graph = page.locator('#overview');
    const box = await graph.boundingBox();
    const { x = 0, y = 0, width = 0 } = box ?? {};
    await page.mouse.move(x + width * 0.86, y + 20);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.64, y + 25);
    await page.mouse.up();
    expect(await labels(page)).toEqual(['F6', 'F7', 'F8']);
    await graph.dblclick();
    expect(await shown(page)).toBe('10 of 10 requests');
    expect(open.incidents).toEqual([]);
  });

  test('hostile text is shown and does nothing', async () => {
    const evil = '</script><img src=x onerror="document.title=`hacked`"><!--';
    await using open = await openTimeline(
      [
        trace({
          label: evil,
          url: `https://flags.example/${evil}`,
          statusText: evil,
          worker: evil,
          connection: evil,
          redirectUrl: 'javascript:document.title=`hacked`',
          error: evil,
        }),
        trace({
          label: 'a\u202egpj.exe\u2066\u0000\n\u2028\ud800',
          startedAt: trace().startedAt + 1,
        }),
      ],
      { title: evil },
    );
    const { page } = open;
    expect(await labels(page)).toEqual([
      evil,
      String.raw`a\u{202e}gpj.exe\u{2066}\u{0}\u{a}\u{2028}\u{d800}`,
    ]);
    await page.locator('.row').first().click();
    expect(await details(page).innerText()).toContain(evil);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(
      evil,
    );
    expect(await page.title()).toBe(evil);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('a').count()).toBe(0);
    expect(open.incidents).toEqual([]);
  });

  test('the policy of the page lets nothing run or load', async () => {
    await using open = await openTimeline([trace()]);
    const violations = await open.page.evaluate(`new Promise((done) => {
      const seen = [];
      document.addEventListener('securitypolicyviolation', (event) => {
        seen.push(event.effectiveDirective);
        if (seen.length === 5) done(seen.sort());
      });
      const add = (tag, values) =>
        document.body.append(Object.assign(document.createElement(tag), values));
      add('script', { text: 'document.title = "hacked"' });
      add('style', { textContent: 'body { display: none }' });
      add('img', { src: 'data:image/gif;base64,AAAA' });
      add('iframe', { src: 'data:text/html,hello' });
      fetch('data:text/plain,hello').catch(() => undefined);
    })`);
    expect(violations).toEqual([
      'connect-src',
      'frame-src',
      'img-src',
      'script-src-elem',
      'style-src-elem',
    ]);
    expect(await open.page.title()).toBe('flags-test');
  });

  test('only the rows that are seen are in the document of 10,000', async () => {
    await using open = await openTimeline(manyTraces(10_000));
    const { page } = open;
    expect(await shown(page)).toBe('10,000 of 10,000 requests');
    expect(await grid(page).getAttribute('aria-rowcount')).toBe('10001');
    const first = await labels(page);
    expect(first[0]).toBe('F0');
    expect(first.length).toBeLessThan(100);
    await grid(page).focus();
    await page.keyboard.press('End');
    const last = await rows(page);
    expect(last.length).toBeLessThan(100);
    const chosen = page.locator('.row[aria-selected=true]');
    expect(await chosen.getAttribute('aria-rowindex')).toBe('10001');
    expect(await lowerEdge(chosen)).toBeLessThan(
      (await lowerEdge(grid(page))) + 1,
    );
    await page.getByRole('searchbox').fill('f9999');
    expect(await labels(page)).toEqual(['F9999']);
    expect(open.incidents).toEqual([]);
  });

  test('a run without requests', async () => {
    await using open = await openTimeline([]);
    expect(await shown(open.page)).toBe('0 of 0 requests');
    await grid(open.page).focus();
    await open.page.keyboard.press('ArrowDown');
    await open.page.keyboard.press('+');
    expect(await rows(open.page)).toEqual([]);
    expect(open.incidents).toEqual([]);
  });

  test.for([
    { colorScheme: 'light', width: 1280, background: 'rgb(246, 247, 249)' },
    { colorScheme: 'dark', width: 1280, background: 'rgb(20, 23, 28)' },
    { colorScheme: 'dark', width: 800, background: 'rgb(20, 23, 28)' },
    { colorScheme: 'light', width: 360, background: 'rgb(246, 247, 249)' },
  ] as const)(
    'accessible in $colorScheme at $width pixels',
    async ({ colorScheme, width, background }) => {
      await using open = await openTimeline(
        [...manyTraces(50), refused({ label: 'x'.repeat(300) })],
        { colorScheme, viewport: { width, height: 800 } },
      );
      const { page } = open;
      expect(
        await page.evaluate('getComputedStyle(document.body).backgroundColor'),
      ).toBe(background);
      await page.locator('.row.failed').first().click();
      await drawn(page);
      // Text must not make the page wider than the window.
      expect(
        await page.evaluate('document.documentElement.scrollWidth'),
      ).toBeLessThanOrEqual(width);
      const violations = await page.evaluate(
        `${axe.source}; axe.run().then(({ violations }) =>
          violations.map(({ id, nodes }) => id + ': ' + nodes[0].html))`,
      );
      expect(violations).toEqual([]);
    },
  );
});
