import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DownloadContentError,
  InputLineError,
  RedirectError,
} from '../errors.ts';
import type { ExchangeRequest, ExchangeResult } from '../exchange/exchange.ts';
import { parseJson } from '../json.ts';
import { safeFileName } from '../list/file-name.ts';
import type { BadLine, DownloadItem, ListEntry } from '../list/item.ts';
import type { ExchangeTrace } from '../trace/exchange-trace.ts';
import { Gate, type GateLimits } from './gate.ts';
import type { KnownFile, Outcome } from './outcome.ts';
import { MAX_REDIRECTS, redirected } from './redirects.ts';
import { pauseBefore } from './retry-policy.ts';

/** What holds for all downloads of a run. */
export interface DownloadPlan {
  /** Absolute path of an existing folder. */
  readonly directory: string;
  /** Limit for each attempt, its redirects included, in milliseconds; Infinity is none. */
  readonly timeout: number;
  /** How often a download that failed is tried again. */
  readonly retries: number;
  readonly limits: GateLimits;
  /** Whether a file is left alone that an earlier run has brought whole. */
  readonly resume: boolean;
  /** Whether a file is left alone that the server says is still the same. */
  readonly refresh: boolean;
  /** What an earlier run knows of the file of a URL. */
  readonly known: (url: string) => KnownFile | undefined;
  /** Aborted when the run ends early. */
  readonly signal: AbortSignal;
  /** Told of every exchange, if the client traces. */
  readonly onTrace: (trace: ExchangeTrace) => void;
}

/** Does one exchange, here or in a worker. */
export type DoExchange = (
  request: ExchangeRequest,
) => PromiseLike<ExchangeResult>;

/** What a download still asks for when its attempts and redirects are not yet known. */
type Wish = Omit<ExchangeRequest, 'attempt' | 'timeLeft'>;

/** An outcome before it has a label and a time. */
type Result = WithoutLabel<Outcome>;

type WithoutLabel<O> = O extends Outcome ? Omit<O, 'label' | 'elapsed'> : never;

/** How the last exchange of a download ended, and at which URL. */
interface Fetched {
  readonly answer: Exclude<ExchangeResult, { kind: 'redirect' }>;
  readonly url: string;
  readonly attempts: number;
}

/**
 * Decides about downloads, wherever their exchanges are done: whether one is
 * needed, when it may be asked for, whether a redirect is followed, and whether
 * and when it is tried again.
 */
export class Downloader {
  readonly #plan: DownloadPlan;
  readonly #exchange: DoExchange;
  readonly #gate: Gate;

  constructor(plan: DownloadPlan, exchange: DoExchange) {
    this.#plan = plan;
    this.#exchange = exchange;
    this.#gate = new Gate(plan.limits, plan.signal);
  }

  /**
   * Downloads one thing. What goes wrong with it alone is an outcome.
   *
   * @throws {FileWriteError} when nothing can be written
   */
  async download(entry: ListEntry): Promise<Outcome> {
    const { label } = entry;
    const start = performance.now();
    const result =
      'problem' in entry ? badLine(entry) : await this.#obtain(entry);
    const elapsed = Math.round(performance.now() - start);
    return { label, ...result, elapsed };
  }

  async #obtain(item: DownloadItem): Promise<Result> {
    const { label, url, credentials, nameUrl = url } = item;
    const known = this.#present(url);
    if (known !== undefined && !this.#plan.refresh) {
      return { status: 'PRESENT', attempts: 0, ...known };
    }
    let file = item.fileName ?? known?.file;
    if (file === undefined) {
      const named = await this.#fetch({ url: nameUrl, label });
      if (named.answer.kind !== 'body') return unsuccessful(named);
      const name = countryName(named.answer.body);
      if (name === undefined) return nameless(named);
      file = `${safeFileName(name)}.gif`;
    }
    const fetched = await this.#fetch({
      url,
      label,
      path: join(this.#plan.directory, file),
      credentials,
      expected: item.expected,
      checksum: item.checksum,
      unless: known,
    });
    const { answer, attempts } = fetched;
    if (answer.kind === 'saved') {
      const { bytes, etag, lastModified } = answer;
      return { url, status: 'OK', attempts, file, bytes, etag, lastModified };
    }
    return answer.kind === 'unchanged' && known !== undefined
      ? { status: 'UNCHANGED', attempts, ...known }
      : unsuccessful(fetched);
  }

  /** What is known of the file of a URL, if it is there and still as long as it was. */
  #present(url: string): KnownFile | undefined {
    const { directory, known, refresh, resume } = this.#plan;
    if (!refresh && !resume) return undefined;
    const record = known(url);
    if (record === undefined) return undefined;
    const file = statSync(join(directory, record.file), {
      throwIfNoEntry: false,
    });
    return file?.isFile() === true && file.size === record.bytes
      ? record
      : undefined;
  }

  /** Asks until there is an answer, or no use in asking again. */
  async #fetch(wish: Wish): Promise<Fetched> {
    for (let attempt = 1; ; attempt += 1) {
      const { answer, url } = await this.#follow({ ...wish, attempt });
      const pause =
        answer.kind === 'failed' ? pauseBefore(answer, attempt) : undefined;
      if (pause === undefined || attempt > this.#plan.retries) {
        return { answer, url, attempts: attempt };
      }
      if (answer.kind === 'failed' && answer.retryAfter !== undefined) {
        // Whoever else wants something of this host has to wait as well.
        this.#gate.pause(new URL(url).host, pause);
      } else {
        await sleep(pause, undefined, { signal: this.#plan.signal });
      }
    }
  }

  /** One attempt: asks, and follows where the answer leads. */
  async #follow(
    wish: Wish & { readonly attempt: number },
  ): Promise<Omit<Fetched, 'attempts'>> {
    let { credentials, url } = wish;
    let timeLeft = this.#plan.timeout;
    try {
      for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
        const request = { ...wish, url, credentials, timeLeft };
        let start = 0;
        const result = await this.#gate.pass(new URL(url).host, () => {
          start = performance.now();
          return this.#exchange(request);
        });
        if (result.trace !== undefined) this.#plan.onTrace(result.trace);
        if (result.kind !== 'redirect') return { answer: result, url };
        timeLeft = Math.max(1, timeLeft - (performance.now() - start));
        const next = redirected(url, result.location);
        // Not to another server, nor back again from there.
        if (new URL(next).origin !== new URL(url).origin) {
          credentials = undefined;
        }
        url = next;
      }
      throw new RedirectError(
        `more than ${String(MAX_REDIRECTS)} redirects`,
        wish.url,
      );
    } catch (error) {
      if (!(error instanceof RedirectError)) throw error;
      const { code, message } = error;
      return { answer: { kind: 'failed', code, message }, url };
    }
  }
}

function badLine({ problem }: BadLine): Result {
  const { code, message } = new InputLineError(problem);
  return { status: 'ERROR', attempts: 0, code, message };
}

function unsuccessful({ answer, url, attempts }: Fetched): Result {
  if (answer.kind !== 'failed') {
    throw new Error(`unexpected answer: ${answer.kind}`);
  }
  const { code, message, status } = answer;
  return status === 404
    ? { status: 'NOT_FOUND', url, attempts }
    : { status: 'ERROR', url, attempts, code, message };
}

function nameless({ url, attempts }: Fetched): Result {
  const { code, message } = new DownloadContentError(
    'metadata without a country name',
    url,
  );
  return { status: 'ERROR', url, attempts, code, message };
}

function countryName(metadata: Uint8Array): string | undefined {
  const country = parseJson(Buffer.from(metadata))?.['country'];
  return typeof country === 'string' && country.trim() !== ''
    ? country
    : undefined;
}
