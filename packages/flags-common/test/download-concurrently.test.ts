import { readdir, readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { ThreadPoolExecutor } from '@concurrent-executors/executor';
import {
  ALL,
  downloadConcurrently,
  Downloader,
  closeClient,
  exchange,
  flagItems,
  openClient,
  type DoExchange,
  type DownloadItem,
  type Outcome,
} from '@concurrent-executors/flags-common';
import { startFlagServer } from '@concurrent-executors/flags-common/server';
import { describe, expect, test } from 'vitest';
import { clientSettings } from './client-settings.ts';
import { downloadPlan } from './download-plan.ts';
import { serveHttp } from './raw-server.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Exchanger extends AsyncDisposable {
  readonly exchange: DoExchange;
}

const settings = clientSettings();

const exchangers: Record<string, () => Exchanger> = {
  'this event loop': () => {
    openClient(settings);
    return { exchange, [Symbol.asyncDispose]: closeClient };
  },
  // Room for more downloads than are wanted: 2 threads for 4 each.
  'two threads': () => {
    const threads = new ThreadPoolExecutor({
      maxWorkers: 2,
      tasksPerWorker: 4,
      initializer: openClient,
      initArgs: [settings],
    });
    return {
      exchange: (request) => threads.submit(exchange, request),
      [Symbol.asyncDispose]: () => threads[Symbol.asyncDispose](),
    };
  },
};

interface Job {
  readonly items: Iterable<DownloadItem>;
  readonly concurrency: number;
  readonly directory: string;
  readonly stop?: AbortController;
}

describe.for(Object.entries(exchangers))(
  'downloads with exchanges in %s',
  ([, open]) => {
    async function outcomes(job: Job): Promise<Outcome[]> {
      const { concurrency, directory, items } = job;
      const stop = job.stop ?? new AbortController();
      const plan = downloadPlan({ directory, signal: stop.signal });
      await using exchanger = open();
      const all: Outcome[] = [];
      for await (const outcome of downloadConcurrently(
        new Downloader(plan, exchanger.exchange),
        { client: settings, concurrency, entries: items, plan, stop },
      )) {
        all.push(outcome);
      }
      return all;
    }

    test('bring every flag, byte for byte', async () => {
      await using server = await startFlagServer();
      await using folder = await temporaryFolder();
      const all = await outcomes({
        items: flagItems(ALL, server.url, false),
        concurrency: 20,
        directory: folder.path,
      });
      expect(all.map(({ label }) => label).sort()).toEqual(ALL);
      expect(all.every(({ status }) => status === 'OK')).toBe(true);
      expect((await readdir(folder.path)).sort()).toEqual(
        ALL.map((cc) => `${cc}.gif`),
      );
      for (const cc of ALL) {
        const code = cc.toLowerCase();
        const original = new URL(
          `../data/flags/${code}/${code}.gif`,
          import.meta.url,
        );
        const saved = await readFile(join(folder.path, `${cc}.gif`));
        expect(saved.equals(await readFile(original)), cc).toBe(true);
      }
    });

    test('are exactly so many at once as may be', async () => {
      const concurrency = 3;
      let underWay = 0;
      const seen: number[] = [];
      const waiting: (() => void)[] = [];
      const answerTogether: RequestListener = (_, response) => {
        seen.push((underWay += 1));
        waiting.push(() => {
          underWay -= 1;
          response.end('GIF89a');
        });
        // Nobody is answered before as many have come as may come.
        if (waiting.length === concurrency) {
          for (const answer of waiting.splice(0)) answer();
        }
      };
      await using server = await serveHttp(answerTogether);
      await using folder = await temporaryFolder();
      const all = await outcomes({
        items: flagItems(ALL.slice(0, 4 * concurrency), server.url, false),
        concurrency,
        directory: folder.path,
      });
      expect(all).toHaveLength(4 * concurrency);
      expect(Math.max(...seen)).toBe(concurrency);
    });

    test('count errors and go on', async () => {
      await using server = await startFlagServer({ errorRate: 1 });
      await using folder = await temporaryFolder();
      expect(
        await outcomes({
          items: flagItems(['BR', 'CN'], server.url, false),
          concurrency: 1,
          directory: folder.path,
        }),
      ).toMatchObject([
        {
          label: 'BR',
          status: 'ERROR',
          message: "HTTP error 418 - I'm a Teapot",
        },
        { label: 'CN', status: 'ERROR' },
      ]);
    });

    test('stop at an error that is not of one download', async () => {
      let requests = 0;
      await using server = await serveHttp((_, response) => {
        requests += 1;
        response.end('GIF89a');
      });
      const stop = new AbortController();
      await expect(
        outcomes({
          items: flagItems(ALL, server.url, false),
          concurrency: 1,
          directory: '/proc/missing',
          stop,
        }),
      ).rejects.toMatchObject({
        code: 'FLAGS_FILE_WRITE',
        message:
          'cannot write /proc/missing/AD.gif: no such file or directory (ENOENT)',
      });
      expect(stop.signal.aborted).toBe(true);
      // The next download is submitted before the result of this one is looked at.
      expect(requests).toBeLessThan(4);
    });

    test('pull a list as they need it', async () => {
      let pulled = 0;
      let done = 0;
      let ahead = 0;
      function* endless(url: string): Generator<DownloadItem> {
        for (;;) {
          pulled += 1;
          ahead = Math.max(ahead, pulled - done);
          yield { label: 'a', url, fileName: String(pulled) };
        }
      }
      await using server = await serveHttp((_, response) => {
        done += 1;
        response.end();
      });
      await using folder = await temporaryFolder();
      const items = endless(server.url);
      const stop = new AbortController();
      const run = outcomes({
        items: until(items, () => done > 40),
        concurrency: 4,
        directory: folder.path,
        stop,
      });
      expect((await run).length).toBeGreaterThan(40);
      expect(ahead).toBeLessThanOrEqual(4 + 1);
    });
  },
);

/** The items up to the first before which it is enough. */
function* until(
  items: Iterable<DownloadItem>,
  enough: () => boolean,
): Generator<DownloadItem, void, undefined> {
  for (const item of items) {
    if (enough()) return;
    yield item;
  }
}
