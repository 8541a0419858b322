import { ThreadPoolExecutor } from '@concurrent-executors/executor';
import {
  Recorder,
  TimelineFile,
  type TaskSpan,
  type WorkerSpan,
} from '@concurrent-executors/executor/observe';
import { describe, expect, test } from 'vitest';
import { openPage } from '../../../../tools/browser/browser.ts';
import { add, throwError } from '../fixtures/tasks.mjs';
import { makeTempFile } from '../support/temp-file.ts';
import {
  eventLoop,
  life,
  lives,
  manySpans,
  outcomes,
  span,
  START,
  thread,
} from './example-spans.ts';
import {
  attributes,
  browser,
  openTimeline,
  shown,
  rows,
  details,
  search,
  timeline,
  placeOf,
  clickAt,
  coloursOnScreen,
  opacityAt,
  coloursAt,
} from './timeline-page.ts';

const RED = 'rgb(192, 31, 46)';
const AMBER = 'rgb(163, 90, 0)';
const GREY = 'rgb(89, 100, 114)';
const BLUE = 'rgb(59, 120, 216)';

describe.skipIf(browser === undefined)('in a browser', () => {
  test('the summary counts each task once, by what became of it', async () => {
    await using open = await openTimeline(outcomes, { workers: lives });
    const { page } = open;
    expect(await page.title()).toBe('a test');
    const figures = await page.locator('#summary > div').allInnerTexts();
    expect(figures.map((text) => text.split(/\s*\n\s*/))).toEqual([
      ['Tasks', '6', '1 returned · 1 run retried'],
      [
        'Did not return',
        '5',
        '1 threw · 1 timed-out · 1 aborted · 1 cancelled · 1 unfinished',
      ],
      ['Duration', '1 s', '6 tasks a second'],
      ['Peak concurrency', '1', '0.9 on average · 2 workers'],
      ['Utilisation', '100 %', 'of the time workers were ready'],
      ['Waited, median', '150 ms', 'p90 350 ms · p99 395 ms · max 400 ms'],
      ['Ran, median', '100 ms', 'p90 250 ms · p99 385 ms · max 400 ms'],
    ]);
    expect(await shown(page)).toBe('7 of 7 runs');
    expect(await page.locator('#running').getAttribute('aria-label')).toBe(
      'Tasks that run over 1 s, at most 1 task at once',
    );
    expect(await page.locator('#queue-peak').innerText()).toBe('at most 5');
    expect(open.incidents).toEqual([]);
  });

  test('what did not return is marked, in the plot and in the legend', async () => {
    await using open = await openTimeline(outcomes, { workers: lives });
    const { page } = open;
    const legend = await page.locator('#legend > li').allInnerTexts();
    expect(legend.map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
      'work × 7',
      'crashed',
      'threw',
      'timed-out',
      'aborted',
      'cancelled',
      'unfinished',
      'retried',
      'worker starts',
      'worker is free',
      'paler: the run waited',
      'the whole wait of the chosen run',
    ]);
    // Each sign has a form of its own.
    const forms = await attributes(page, '#legend .sign > path', 'd');
    expect(new Set(forms).size).toBe(7);
    const colours = async (row: string, time: number): Promise<string[]> =>
      coloursAt(page, await placeOf(page, row, time, 1000));
    expect(await colours('thread 1', 50)).toEqual([BLUE]);
    expect(await colours('thread 1', 200)).toContain(RED);
    expect(await colours('thread 1', 300)).toContain(AMBER);
    expect(await colours('thread 1', 400)).toContain(AMBER);
    expect(await colours('thread 1', 500)).toContain(RED);
    expect(await colours('not started', 450)).toContain(GREY);
    expect(await colours('not started', 250)).toEqual([]);
  });

  test('a screenshot has the bars, in their length', async () => {
    const bars = async (ended: number): Promise<number> => {
      await using open = await openTimeline([
        span({ task: { id: 1 }, queued: 0, started: 0, ended }),
        span({ task: { id: 2, name: 'rest' }, started: 1000, ended: 2000 }),
      ]);
      return (await coloursOnScreen(open.page))[BLUE] ?? 0;
    };
    const [short, long] = [await bars(250), await bars(750)];
    // The legend has the colour, too, and names take a part of it.
    expect(short).toBeGreaterThan(500);
    expect(long).toBeGreaterThan(2 * short);
  });

  test('the wait for a run is paler, where its row was free', async () => {
    await using open = await openTimeline([
      span({ task: { id: 1 }, queued: 0, started: 0, ended: 200 }),
      span({ task: { id: 2 }, queued: 100, started: 600, ended: 800 }),
      span({ task: { id: 3 }, queued: 900, started: 950, ended: 1000 }),
    ]);
    const { page } = open;
    const opacity = async (time: number): Promise<number | undefined> =>
      opacityAt(page, await placeOf(page, 'thread 1', time, 1000));
    expect(await opacity(150)).toBe(255); // the first one runs
    expect(await opacity(400)).toBeGreaterThan(0);
    expect(await opacity(400)).toBeLessThan(128);
    expect(await opacity(700)).toBe(255);
    expect(await opacity(850)).toBe(0); // nothing is there to wait
  });

  test('rows for workers, the event loop and what never started', async () => {
    const inLoop = (id: number, started: number): TaskSpan =>
      span({
        task: { id, executor: eventLoop },
        started,
        ended: started + 100,
        worker: undefined,
      });
    await using open = await openTimeline(
      [
        ...outcomes,
        // Two of a worker at once; then three in the event loop, of which two overlap.
        span({ task: { id: 10 }, started: 50, ended: 250 }),
        inLoop(11, 100),
        inLoop(12, 150),
        inLoop(13, 200),
      ],
      { workers: lives },
    );
    const { page } = open;
    expect(await rows(page)).toEqual([
      'resize ThreadPoolExecutor, up to 2 at once',
      'thread 1',
      '',
      'thread 2',
      'not started',
      'AsyncExecutor up to 10 at once',
      'event loop',
      '',
    ]);
    const counts = await attributes(page, '#labels > .label', 'data-runs');
    expect(counts).toEqual(['0', '5', '1', '1', '1', '0', '2', '1']);
  });

  test('replaced workers share rows where they are many', async () => {
    const COUNT = 200;
    const worker = (index: number): WorkerSpan =>
      life({
        worker: thread(index),
        startedAt: START + 10 * index,
        readyAt: START + 10 * index + 1,
        endedAt: START + 10 * index + 15,
      });
    const numbers = Array.from({ length: COUNT }, (_, index) => index);
    await using open = await openTimeline([], { workers: numbers.map(worker) });
    const { page } = open;
    expect(await rows(page)).toEqual([
      'resize ThreadPoolExecutor, up to 2 at once',
      '100 workers',
      '100 workers',
    ]);
    const [row] = await page.locator('#labels > .worker').all();
    const y = ((await row?.boundingBox())?.y ?? 0) + 12;
    const plot = await page.locator('#plot').boundingBox();
    await clickAt(page, { x: 1, y: y - (plot?.y ?? 0) });
    expect(await details(page)).toMatch(/^thread 1 Number 0 /);
  });

  test('a click shows all of a run, or of a worker', async () => {
    await using open = await openTimeline(outcomes, { workers: lives });
    const { page } = open;
    await clickAt(page, await placeOf(page, 'thread 1', 450, 1000));
    expect(await details(page)).toBe(
      'work Outcome crashed, to be retried Error WorkerExitError: worker thread 1 exited with code 7 Task #6 Attempt 1 Calls 1 Waited 400 ms Ran 100 ms Queued after 0 ms Started after 400 ms Ended after 500 ms Worker thread 1 Executor resize (ThreadPoolExecutor), #1, up to 2 at once',
    );
    await clickAt(page, await placeOf(page, 'not started', 450, 1000));
    expect(await details(page)).toBe(
      'work Outcome cancelled Task #5 Calls 1 Waited 450 ms Queued after 0 ms Started never Ended after 450 ms Executor resize (ThreadPoolExecutor), #1, up to 2 at once',
    );
    await clickAt(page, await placeOf(page, 'thread 2', 550, 1000));
    expect(await details(page)).toBe(
      'thread 2 Number 1 Executor resize (ThreadPoolExecutor), #1, up to 2 at once Started after 500 ms Ready after 600 ms Ended lives on',
    );
    // Pointing shows it until the pointer leaves.
    await page.locator('#plot').hover({
      position: await placeOf(page, 'thread 1', 150, 1000),
    });
    expect(await details(page)).toContain('TypeError: no such picture');
    await search(page).hover();
    expect(await details(page)).toMatch(/^thread 2/);
    expect(open.incidents).toEqual([]);
  });

  test('a table of the runs that took longest leads to them', async () => {
    await using open = await openTimeline([
      ...manySpans(40),
      span({ task: { id: 77, name: 'slow' }, started: 100, ended: 300 }),
    ]);
    const { page } = open;
    const table = page.getByRole('table');
    expect(await table.getByRole('row').count()).toBe(11);
    await table.getByRole('button', { name: 'slow #77' }).click();
    expect(await details(page)).toMatch(/^slow Outcome returned Task #77/);
  });

  test('more names than the writer remembers', async () => {
    const COUNT = 2500;
    await using open = await openTimeline(
      Array.from({ length: COUNT }, (_, id) =>
        span({
          task: { id, name: `name ${String(id)}` },
          started: 10 * id,
          ended: 10 * id + 5,
          outcome: id % 2 === 0 ? 'returned' : 'threw',
        }),
      ),
    );
    const { page } = open;
    expect(await page.locator('#legend').innerText()).toContain(
      '2,492 other names',
    );
    for (const id of [0, 999, 1000, 1001, 2499]) {
      await search(page).fill(`#${String(id)}`);
      await page.keyboard.press('Enter');
      const outcome = id % 2 === 0 ? 'returned' : 'threw';
      expect(await details(page)).toMatch(
        `name ${String(id)} Outcome ${outcome} Task #${String(id)} `,
      );
    }
  });

  test('a recording of nothing', async () => {
    await using open = await openTimeline([]);
    const { page } = open;
    expect(await shown(page)).toBe('0 of 0 runs');
    await timeline(page).focus();
    for (const key of ['ArrowDown', '+', 'ArrowRight', '0', 'Escape']) {
      await page.keyboard.press(key);
    }
    await page.locator('#plot').click();
    expect(await rows(page)).toEqual([]);
    expect(open.incidents).toEqual([]);
  });

  test('an executor that does not know how many workers there are has no limit', async () => {
    const executor = { ...eventLoop, maxWorkers: Infinity };
    await using open = await openTimeline([
      span({ task: { executor }, worker: { executor, index: 0, name: 'a' } }),
    ]);
    const label = open.page.locator('#labels > .label.executor');
    expect((await label.allInnerTexts()).map((text) => text.trim())).toEqual([
      'AsyncExecutor',
    ]);
    expect(open.incidents).toEqual([]);
  });

  test('what a recorder has seen of a pool', async () => {
    using temp = makeTempFile();
    const path = `${temp.path}.html`;
    using file = new TimelineFile(path, { title: 'a pool' });
    {
      using recorder = new Recorder([file]);
      await using pool = new ThreadPoolExecutor({ maxWorkers: 2 });
      await Promise.allSettled([
        pool.submit(add, 1, 2),
        pool.submit(throwError, 'no'),
      ]);
      await pool.shutdown();
      recorder.stop();
    }
    file.close();
    await using open = await openPage(browser ?? '', path);
    expect(await shown(open.page)).toBe('2 of 2 runs');
    expect(await open.page.locator('#summary').innerText()).toContain(
      '1 threw',
    );
    expect(await rows(open.page)).toContain('thread 1');
    expect(open.incidents).toEqual([]);
  });
});
