import { describe, expect, test } from 'vitest';
import { lives, manySpans, outcomes, span } from './example-spans.ts';
import {
  attributes,
  browser,
  openTimeline,
  shown,
  found,
  details,
  search,
  timeline,
  placeOf,
  coloursAt,
} from './timeline-page.ts';

const BLUE = 'rgb(59, 120, 216)';

describe.skipIf(browser === undefined)('in a browser', () => {
  test('keys choose one run after the other', async () => {
    await using open = await openTimeline(outcomes, { workers: lives });
    const { page } = open;
    await timeline(page).focus();
    await page.keyboard.press('ArrowDown');
    expect(await details(page)).toContain('Task #1');
    await page.keyboard.press('ArrowDown');
    expect(await details(page)).toContain('Task #2');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    // Before the first comes the last.
    expect(await details(page)).toContain('Task #6 Attempt 2');
    await page.keyboard.press('Escape');
    expect(await details(page)).toMatch(/^Point at a bar/);
  });

  test('search finds by name, error, worker, outcome and number', async () => {
    await using open = await openTimeline([
      ...manySpans(100),
      ...[101, 11].map((id) =>
        span({ task: { id, name: 'Other' }, started: undefined, ended: 300 }),
      ),
    ]);
    const { page } = open;
    const inTenth = [...manySpans(100)].filter(
      ({ worker }) => worker?.name === 'thread 10',
    );
    for (const [text, count] of [
      ['TASK 3', 21], // one of them for its error
      ['has failed', 10],
      ['thread 10', inTenth.length],
      ['threw', 10],
      ['other', 2],
      ['#101', 1],
      ['11', 2],
      ['nothing like that', 0],
    ] as const) {
      await search(page).fill(text);
      expect(await found(page), text).toBe(`${String(count)} found`);
    }
    await search(page).fill('has failed');
    await page.keyboard.press('Enter');
    expect(await found(page)).toBe('1 of 10');
    expect(await details(page)).toContain('Error: task 9 has failed');
    await page.getByRole('button', { name: 'Next' }).click();
    expect(await found(page)).toBe('2 of 10');
    await search(page).press('Shift+Enter');
    await page.getByRole('button', { name: 'Previous' }).click();
    expect(await found(page)).toBe('10 of 10');
    await search(page).fill('');
    expect(await found(page)).toBe('');
    expect(open.incidents).toEqual([]);
  });

  test('what is searched for stands out, and is brought into view', async () => {
    await using open = await openTimeline(outcomes, { workers: lives });
    const { page } = open;
    const first = await placeOf(page, 'thread 1', 50, 1000);
    const second = await placeOf(page, 'thread 1', 150, 1000);
    await search(page).fill('no such picture');
    expect(await coloursAt(page, first)).not.toContain(BLUE);
    expect(await coloursAt(page, second)).toEqual([BLUE]);
    await timeline(page).focus();
    for (let press = 0; press < 4; press += 1) await page.keyboard.press('+');
    for (let press = 0; press < 40; press += 1) {
      await page.keyboard.press('ArrowRight');
    }
    expect(await shown(page)).toBe('1 of 7 runs, 938 ms to 1 s');
    await search(page).press('Enter');
    expect(await shown(page)).toMatch(/ of 7 runs, 75 ms to 225 ms$/);
  });

  test('zoom by wheel, keys, buttons and the overview', async () => {
    await using open = await openTimeline(
      Array.from({ length: 10 }, (_, id) =>
        span({
          task: { id },
          queued: 100 * id,
          started: 100 * id,
          ended: 100 * id + 100,
        }),
      ),
    );
    const { page } = open;
    await timeline(page).focus();
    await page.keyboard.press('+');
    expect(await shown(page)).toBe('6 of 10 runs, 250 ms to 750 ms');
    await page.keyboard.press('ArrowLeft');
    expect(await shown(page)).toBe('6 of 10 runs, 125 ms to 625 ms');
    for (let press = 0; press < 4; press += 1) {
      await page.keyboard.press('ArrowRight');
    }
    expect(await shown(page)).toMatch(/ of 10 runs, 500 ms to 1 s$/);
    await page.keyboard.press('-');
    expect(await shown(page)).toBe('10 of 10 runs');
    await page.getByRole('button', { name: 'Zoom in' }).click();
    expect(await shown(page)).toBe('6 of 10 runs, 250 ms to 750 ms');
    await page.getByRole('button', { name: 'Zoom out' }).click();
    expect(await shown(page)).toBe('10 of 10 runs');
    // The time under the pointer stays there.
    const { x, y } = await placeOf(page, 'thread 1', 0, 1000);
    await page.locator('#plot').hover({ position: { x: x + 1, y } });
    await page.mouse.wheel(0, -500);
    expect(await shown(page)).toMatch(/^6 of 10 runs, 0\.\d+ ms to 501 ms$/);
    const plot = await page.locator('#plot').boundingBox();
    const { width = 0 } = plot ?? {};
    await page.mouse.move((plot?.x ?? 0) + width / 2, (plot?.y ?? 0) + 100);
    await page.mouse.down();
    await page.mouse.move((plot?.x ?? 0) + width / 4, (plot?.y ?? 0) + 100);
    await page.mouse.up();
    expect(await shown(page)).toMatch(/ 126 ms to 626 ms$/);
    await page.mouse.wheel(width / 2, 0);
    expect(await shown(page)).toMatch(/ 37[56] ms to 87[56] ms$/);
    await page.getByRole('button', { name: 'All' }).click();
    expect(await shown(page)).toBe('10 of 10 runs');
    const overview = page.locator('#overview');
    const box = (await overview.boundingBox()) ?? { x: 0, y: 0, width: 0 };
    await page.mouse.move(box.x + box.width * 0.86, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.64, box.y + 25);
    await page.mouse.up();
    expect(await shown(page)).toMatch(/^3 of 10 runs, 64\d ms to 8[56]\d ms$/);
    // A click does not remove the window that shows which part it is.
    const window = page.locator('#brush .selection');
    await page.mouse.click(box.x + 5, box.y + 20);
    expect(await window.isVisible()).toBe(true);
    await overview.dblclick();
    expect(await window.isVisible()).toBe(false);
    expect(await shown(page)).toBe('10 of 10 runs');
    expect(open.incidents).toEqual([]);
  });

  test('100,000 tasks: each is there once, and the page answers', async () => {
    const COUNT = 100_000;
    await using open = await openTimeline(manySpans(COUNT));
    const { page } = open;
    expect(await shown(page)).toBe('100,000 of 100,000 runs');
    const counts = await attributes(page, '#labels > .label', 'data-runs');
    expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(COUNT);
    await timeline(page).focus();
    for (let press = 0; press < 12; press += 1) await page.keyboard.press('+');
    const seen = Number(/^(\d+) of/.exec(await shown(page))?.[1]);
    expect(seen).toBeGreaterThan(10);
    expect(seen).toBeLessThan(50);
    await page.keyboard.press('0');
    await search(page).fill('99999 has failed');
    await page.keyboard.press('Enter');
    expect(await found(page)).toBe('1 of 1');
    expect(await details(page)).toContain('Task #99999');
    expect(await page.locator('*').count()).toBeLessThan(1000);
    expect(open.incidents).toEqual([]);
  });
});
