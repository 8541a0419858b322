import axe from 'axe-core';
import { describe, expect, test } from 'vitest';
import { drawn } from '../../../../tools/browser/browser.ts';
import { eventLoop, lives, outcomes, span, thread } from './example-spans.ts';
import { browser, openTimeline, details, search } from './timeline-page.ts';

describe.skipIf(browser === undefined)('in a browser', () => {
  test('hostile text is shown and does nothing', async () => {
    const evil = '</script><img src=x onerror="document.title=`hacked`"><!--';
    const hidden = 'a\u202egpj.exe\u2066\u0000\n\u2028\ud800';
    await using open = await openTimeline(
      [
        span({
          task: {
            id: 1,
            name: evil,
            executor: { ...eventLoop, kind: evil, name: evil },
          },
          worker: { ...thread(0), name: evil },
          outcome: 'threw',
          error: evil,
        }),
        span({
          task: { id: 2, name: hidden },
          error: `"'\`\${x}${'y'.repeat(5000)}`,
        }),
        span({ task: { id: 3, name: '__proto__' } }),
      ],
      { title: evil },
    );
    const { page } = open;
    expect(await page.title()).toBe(evil);
    await search(page).fill('hacked');
    await page.keyboard.press('Enter');
    expect(await details(page)).toContain(`Error ${evil}`);
    await search(page).fill('#2');
    await page.keyboard.press('Enter');
    expect(await details(page)).toContain(
      String.raw`a\u{202e}gpj.exe\u{2066}\u{0}\u{a}\u{2028}\u{d800}`,
    );
    expect(await details(page)).toContain(`"'\`\${x}yyy`);
    expect(await page.locator('#legend').innerText()).toContain('__proto__');
    expect(await page.locator('img, a').count()).toBe(0);
    expect(open.incidents).toEqual([]);
  });

  test('the policy of the page lets nothing run or load', async () => {
    await using open = await openTimeline([span()]);
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
    expect(await open.page.title()).toBe('a test');
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
        [
          ...outcomes,
          span({
            task: { id: 9, name: 'x'.repeat(300) },
            worker: { ...thread(0), name: 'y'.repeat(300) },
          }),
        ],
        { colorScheme, viewport: { width, height: 800 }, workers: lives },
      );
      const { page } = open;
      expect(
        await page.evaluate('getComputedStyle(document.body).backgroundColor'),
      ).toBe(background);
      await search(page).fill('crashed');
      await page.keyboard.press('Enter');
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
