import { readdir, readFile } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import {
  AsyncExecutor,
  type Executor,
  ThreadPoolExecutor,
} from '@concurrent-executors/executor';
import {
  ALL,
  downloadConcurrently,
  type DownloadJob,
  downloadOne,
  type DownloadTarget,
  type Outcome,
  outcomeOf,
} from '@concurrent-executors/flags-common';
import { startFlagServer } from '@concurrent-executors/flags-common/server';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { serveHttp } from './raw-server.ts';
import { temporaryFolder, type TemporaryFolder } from './temporary-folder.ts';

function target(baseUrl: string, folder: TemporaryFolder): DownloadTarget {
  return { baseUrl, directory: folder.path, timeout: 60_000, names: false };
}

describe('downloadOne', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('saves a flag under its code', async () => {
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    expect(await downloadOne('BR', target(server.url, folder))).toEqual({
      cc: 'BR',
      status: 'OK',
    });
    expect(await readdir(folder.path)).toEqual(['BR.gif']);
  });

  test('or under the name of its country', async () => {
    await using server = await startFlagServer();
    await using folder = await temporaryFolder();
    await downloadOne('CI', { ...target(server.url, folder), names: true });
    expect(await readdir(folder.path)).toEqual(["Côte d'Ivoire.gif"]);
  });

  test('gives 404 as an outcome, of the metadata too', async () => {
    await using server = await serveHttp((request, response) => {
      if (request.url === '/flags/br/br.gif') response.end('GIF89a');
      else response.writeHead(404).end();
    });
    await using folder = await temporaryFolder();
    expect(await downloadOne('QQ', target(server.url, folder))).toEqual({
      cc: 'QQ',
      status: 'NOT_FOUND',
      url: `${server.url}/qq/qq.gif`,
    });
    const names = { ...target(server.url, folder), names: true };
    expect(await downloadOne('BR', names)).toMatchObject({
      status: 'NOT_FOUND',
      url: `${server.url}/br/metadata.json`,
    });
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('throws every other failure', async () => {
    await using server = await startFlagServer({ errorRate: 1 });
    await using folder = await temporaryFolder();
    const download = downloadOne('BR', target(server.url, folder));
    await expect(download).rejects.toMatchObject({ status: 418 });
  });

  test('times both of its requests together', async () => {
    // A clock that the server moves on: each answer alone is in time.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    await using server = await serveHttp((request, response) => {
      vi.advanceTimersByTime(600);
      if (request.url?.endsWith('.gif')) response.end('GIF89a');
    });
    await using folder = await temporaryFolder();
    const download = downloadOne('BR', {
      ...target(server.url, folder),
      names: true,
      timeout: 1000,
    });
    await expect(download).rejects.toMatchObject({
      code: 'FLAGS_TIMEOUT',
      url: `${server.url}/br/metadata.json`,
    });
  });
});

describe('outcomeOf', () => {
  test('turns the error of one download into an outcome, without its class too', async () => {
    const error = Object.assign(new Error('HTTP error 418'), {
      code: 'FLAGS_HTTP_STATUS',
    });
    expect(await outcomeOf('BR', Promise.reject(error))).toEqual({
      cc: 'BR',
      status: 'ERROR',
      message: 'HTTP error 418',
    });
  });

  test('throws what would hit the next download too', async () => {
    const error = new TypeError('a bug');
    await expect(outcomeOf('BR', Promise.reject(error))).rejects.toBe(error);
  });
});

const executors: Record<string, (concurrency: number) => Executor> = {
  AsyncExecutor: (maxWorkers) => new AsyncExecutor({ maxWorkers }),
  // Room for more downloads than are wanted: 2 threads for 4 each.
  ThreadPoolExecutor: () =>
    new ThreadPoolExecutor({ maxWorkers: 2, tasksPerWorker: 4 }),
};

describe.for(Object.entries(executors))(
  'downloadConcurrently on %s',
  ([, executorFor]) => {
    async function outcomes(job: DownloadJob): Promise<Outcome[]> {
      await using executor = executorFor(job.concurrency);
      const all: Outcome[] = [];
      for await (const outcome of downloadConcurrently(executor, job)) {
        all.push(outcome);
      }
      return all;
    }

    test('downloads every flag, byte for byte', async () => {
      await using server = await startFlagServer();
      await using folder = await temporaryFolder();
      const all = await outcomes({
        codes: ALL,
        concurrency: 20,
        target: target(server.url, folder),
        stop: new AbortController(),
      });
      expect(all.map(({ cc }) => cc).sort()).toEqual(ALL);
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

    test('has exactly so many downloads under way as it may', async () => {
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
        codes: ALL.slice(0, 4 * concurrency),
        concurrency,
        target: target(server.url, folder),
        stop: new AbortController(),
      });
      expect(all).toHaveLength(4 * concurrency);
      expect(Math.max(...seen)).toBe(concurrency);
    });

    test('counts errors and goes on', async () => {
      await using server = await startFlagServer({ errorRate: 1 });
      await using folder = await temporaryFolder();
      expect(
        await outcomes({
          codes: ['BR'],
          concurrency: 1,
          target: target(server.url, folder),
          stop: new AbortController(),
        }),
      ).toEqual([
        { cc: 'BR', status: 'ERROR', message: "HTTP error 418 - I'm a Teapot" },
      ]);
    });

    test('stops at an error that is not of one download', async () => {
      let requests = 0;
      await using server = await serveHttp((_, response) => {
        requests += 1;
        response.end('GIF89a');
      });
      await using folder = await temporaryFolder();
      const stop = new AbortController();
      const missing = join(folder.path, 'missing');
      await expect(
        outcomes({
          codes: ALL,
          concurrency: 1,
          target: { ...target(server.url, folder), directory: missing },
          stop,
        }),
      ).rejects.toMatchObject({
        code: 'FLAGS_FILE_WRITE',
        message: `cannot write ${join(missing, 'AD.gif')}: no such file or directory (ENOENT)`,
      });
      expect(stop.signal.aborted).toBe(true);
      // The next download is submitted before the result of this one is looked at.
      expect(requests).toBeLessThan(4);
    });
  },
);
