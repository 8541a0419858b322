import type { BrowserContextOptions, Page } from 'playwright-core';
import {
  TimelineFile,
  type TaskSpan,
  type WorkerSpan,
} from '@concurrent-executors/executor/observe';
import {
  drawn,
  findBrowser,
  openPage,
} from '../../../../tools/browser/browser.ts';
import { makeTempFile } from '../support/temp-file.ts';

/** Undefined if there is none: then pages are not tested. */
export const browser = findBrowser();

interface TimelineOptions extends BrowserContextOptions {
  readonly title?: string;
  readonly workers?: readonly WorkerSpan[];
}

/** Opens the timeline of these runs. */
export async function openTimeline(
  spans: Iterable<TaskSpan>,
  { title = 'a test', workers = [], ...context }: TimelineOptions = {},
) {
  using temp = makeTempFile();
  const path = `${temp.path}.html`;
  using file = new TimelineFile(path, { title });
  for (const each of spans) file.addTask(each);
  for (const worker of workers) file.addWorker(worker);
  file.close();
  return await openPage(browser ?? '', path, context);
}

export const shown = async (page: Page): Promise<string> => {
  await drawn(page);
  return page.locator('#shown').innerText();
};

export const found = (page: Page): Promise<string> =>
  page.locator('#found').innerText();

/** The labels of the rows that are seen. */
export const rows = async (page: Page): Promise<string[]> => {
  await drawn(page);
  const labels = await page.locator('#labels > .label').allInnerTexts();
  return labels.map((label) => label.replaceAll(/\s+/g, ' ').trim());
};

export const details = async (page: Page): Promise<string> => {
  const panel = page.getByRole('complementary', { name: 'Details' });
  return (await panel.innerText()).replaceAll(/\s+/g, ' ');
};

export const search = (page: Page) =>
  page.getByRole('searchbox', { name: 'Find' });

export const timeline = (page: Page) =>
  page.getByRole('application', { name: 'Timeline' });

/** An attribute of all elements that a selector finds. */
export async function attributes(
  page: Page,
  selector: string,
  name: string,
): Promise<(string | null)[]> {
  const elements = await page.locator(selector).all();
  return Promise.all(elements.map((element) => element.getAttribute(name)));
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** Where a time of a row is in the plot. The whole time, of this duration, is shown. */
export async function placeOf(
  page: Page,
  label: string,
  time: number,
  duration: number,
): Promise<Place> {
  await drawn(page);
  const plot = await page.locator('#plot').boundingBox();
  const row = await page
    .locator('#labels > .label', { hasText: label })
    .boundingBox();
  if (plot === null || row === null) throw new Error(`no row ${label}`);
  return {
    x: (time / duration) * plot.width,
    y: row.y - plot.y + row.height / 2,
  };
}

export async function clickAt(page: Page, position: Place): Promise<void> {
  await page.locator('#plot').click({ position });
  await drawn(page);
}

/** The opaque colours that the plot has in a square of 13 pixels. */
export async function coloursAt(
  page: Page,
  { x, y }: Place,
): Promise<string[]> {
  await drawn(page);
  return await page.evaluate<string[]>(
    `(() => {
      const context = document.getElementById('plot').getContext('2d');
      const { data } = context.getImageData(${String(x)} - 6, ${String(y)} - 6, 13, 13);
      const colours = new Set();
      for (let at = 0; at < data.length; at += 4) {
        if (data[at + 3] === 255) colours.add('rgb(' + data.slice(at, at + 3).join(', ') + ')');
      }
      return [...colours];
    })()`,
  );
}

/** How opaque what is drawn at a place is, from 0 to 255. */
export async function opacityAt(
  page: Page,
  { x, y }: Place,
): Promise<number | undefined> {
  await drawn(page);
  return await page.evaluate<number | undefined>(
    `document.getElementById('plot').getContext('2d').getImageData(${String(x)}, ${String(y)}, 1, 1).data[3]`,
  );
}

/** How many pixels of a screenshot have which colour. */
export async function coloursOnScreen(
  page: Page,
): Promise<Readonly<Record<string, number>>> {
  await drawn(page);
  const picture = (await page.screenshot()).toString('base64');
  // The page under test may load nothing, not even this.
  const reader = await page.context().browser()?.newPage();
  if (reader === undefined) throw new Error('the browser is gone');
  try {
    return await reader.evaluate<Record<string, number>>(`(async () => {
      const bytes = await (await fetch('data:image/png;base64,${picture}')).blob();
      const bitmap = await createImageBitmap(bytes);
      const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
      const context = canvas.getContext('2d');
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
      const counts = {};
      for (let at = 0; at < data.length; at += 4) {
        const colour = 'rgb(' + data.slice(at, at + 3).join(', ') + ')';
        counts[colour] = (counts[colour] ?? 0) + 1;
      }
      return counts;
    })()`);
  } finally {
    await reader.close();
  }
}
