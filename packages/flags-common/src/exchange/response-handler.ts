import type { Dispatcher } from 'undici';
import {
  DownloadContentError,
  DownloadNetworkError,
  DownloadTimeoutError,
  HttpStatusError,
} from '../errors.ts';
import type { TraceRecorder } from './trace-recorder.ts';
import { Deadline } from './deadline.ts';
import type {
  ClientSettings,
  ExchangeRequest,
  ExchangeResult,
  Validators,
} from './exchange.ts';
import { checkType, IncomingFile } from './incoming-file.ts';
import { versionOf, type PartialFile } from './partial-file.ts';
import { retryAfterOf } from './retry-after.ts';

type ResponseHeaders = Parameters<
  NonNullable<Dispatcher.DispatchHandler['onResponseStart']>
>[2];

/** Reading more of an error page costs more than a new connection. */
const MAX_DRAINED = 128 * 1024;

/**
 * Where the exchange stands.
 *
 *     asked ──onRequestStart──> sent ──onResponseStart──> saving | reading | draining
 *       any of them ──> ended
 *
 * What undici reports after `ended` is only the effect of having been aborted.
 */
type State = 'asked' | 'sent' | 'saving' | 'reading' | 'draining' | 'ended';

/** The server has not got the rest of the file that was asked for. */
interface Unsatisfiable {
  readonly kind: 'unsatisfiable';
}

export type Answer = ExchangeResult | Unsatisfiable;

/** One of the two is called, once. */
export interface Settle {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

/** Why undici is told to give up; nobody sees it. */
const ABORTED = new Error('the exchange has ended');

/** Takes the answer to one request. */
export class ResponseHandler implements Dispatcher.DispatchHandler {
  readonly #request: ExchangeRequest;
  readonly #settings: ClientSettings;
  readonly #partial: PartialFile | undefined;
  readonly #trace: TraceRecorder | undefined;
  readonly #deadline: Deadline;
  readonly #settle: Settle;
  #state: State = 'asked';
  #controller: Dispatcher.DispatchController | undefined;
  #validators: Validators = {};
  #version: string | undefined;
  #contentType = 'unknown';
  #file: IncomingFile | undefined;
  #body: Buffer[] = [];
  #bytes = 0;
  /** How an exchange ends whose body does not matter. */
  #verdict: Answer | Error | undefined;

  /** @param partial the beginning of the file, of which the request asks for the rest */
  constructor(
    request: ExchangeRequest,
    settings: ClientSettings,
    partial: PartialFile | undefined,
    trace: TraceRecorder | undefined,
    settle: Settle,
  ) {
    this.#request = request;
    this.#settings = settings;
    this.#partial = partial;
    this.#trace = trace;
    this.#settle = settle;
    this.#deadline = new Deadline(
      { ...settings, timeout: request.timeLeft },
      (passed) => {
        const limit = settings[passed];
        this.#fail(new DownloadTimeoutError(passed, limit, request.url));
      },
    );
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#state === 'ended') {
      controller.abort(ABORTED);
      return;
    }
    // Called again if undici sends the request on another connection, which it
    // does when the first one was closed before it got there.
    this.#controller = controller;
    this.#state = 'sent';
    this.#deadline.progress();
    this.#trace?.sent();
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: ResponseHeaders,
    statusText = '',
  ): void {
    // 1xx comes before the answer.
    if (this.#state === 'ended' || status < 200) return;
    this.#deadline.progress();
    this.#trace?.answered(status, statusText, headers);
    this.#guarded(() => {
      this.#start(status, headers);
    });
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer) {
    if (this.#state === 'ended') return;
    this.#deadline.progress();
    this.#bytes += chunk.length;
    this.#trace?.received(chunk.length);
    this.#guarded(() => {
      this.#take(chunk);
    });
  }

  onResponseEnd(): void {
    if (this.#state === 'ended') return;
    this.#guarded(() => {
      this.#finish();
    });
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#state === 'ended') return;
    // The status is the answer, whether or not the rest of it arrives.
    if (this.#state === 'draining') this.#finish();
    else this.#fail(new DownloadNetworkError(error, this.#request.url));
  }

  #start(status: number, headers: ResponseHeaders): void {
    const { url, path, unless } = this.#request;
    this.#contentType = headerOf(headers, 'content-type') ?? 'unknown';
    this.#validators = {
      etag: headerOf(headers, 'etag'),
      lastModified: headerOf(headers, 'last-modified'),
    };
    this.#version = versionOf(this.#validators, headerOf(headers, 'date'));
    const location = headerOf(headers, 'location');
    if (status === 304 && unless !== undefined) {
      this.#drain({ kind: 'unchanged' });
    } else if (status === 416 && this.#partial !== undefined) {
      this.#drain({ kind: 'unsatisfiable' });
    } else if (REDIRECTS.includes(status) && location !== undefined) {
      this.#drain({ kind: 'redirect', location });
    } else if (status < 200 || status > 299) {
      const retryAfter = retryAfterOf(headerOf(headers, 'retry-after'));
      this.#drain(new HttpStatusError(status, url, retryAfter));
    } else {
      const length = Number(headerOf(headers, 'content-length') ?? 0);
      this.#checkSize(length);
      if (path === undefined) this.#state = 'reading';
      else this.#save(path, status, headerOf(headers, 'content-range'));
    }
  }

  #save(path: string, status: number, range: string | undefined): void {
    const { partialFolder, resume } = this.#settings;
    this.#file = new IncomingFile(
      { ...this.#request, path },
      { partialFolder, version: resume ? this.#version : undefined },
    );
    this.#state = 'saving';
    // With any other status than 206 the server sends all of it.
    if (status !== 206) return;
    const partial = this.#partial;
    const start = /^bytes (\d+)-/.exec(range ?? '')?.[1];
    if (partial?.bytes === Number(start)) {
      this.#file.resume(partial);
      return;
    }
    throw new DownloadContentError(
      `the server sent another part than was asked for (${range ?? 'no range'})`,
      this.#request.url,
    );
  }

  /** The body does not matter, but an unread one keeps its connection from being used again. */
  #drain(verdict: Answer | Error): void {
    this.#verdict = verdict;
    this.#state = 'draining';
  }

  #take(chunk: Buffer): void {
    if (this.#state === 'draining') {
      if (this.#bytes > MAX_DRAINED) this.#finish();
      return;
    }
    this.#checkSize((this.#partial?.bytes ?? 0) + this.#bytes);
    if (this.#state === 'reading') this.#body.push(chunk);
    else this.#file?.write(chunk);
  }

  #checkSize(bytes: number): void {
    const { maxBytes } = this.#settings;
    if (bytes <= maxBytes) return;
    throw new DownloadContentError(
      `the answer is larger than ${sizeOf(maxBytes)}`,
      this.#request.url,
    );
  }

  #finish(): void {
    if (this.#verdict instanceof Error) {
      this.#fail(this.#verdict);
    } else if (this.#verdict !== undefined) {
      this.#end(this.#verdict);
    } else if (this.#file === undefined) {
      const body = Buffer.concat(this.#body);
      const { expected, url } = this.#request;
      checkType(expected, body, this.#contentType, url);
      this.#end({ kind: 'body', body });
    } else {
      this.#file.finish(this.#contentType);
      this.#end({
        kind: 'saved',
        bytes: this.#file.bytes,
        resumed: this.#file.bytes - this.#bytes,
        ...this.#validators,
      });
    }
  }

  #end(answer: Answer): void {
    this.#close(undefined);
    this.#settle.resolve(answer);
  }

  #fail(error: unknown): void {
    this.#close(error);
    this.#settle.reject(error);
  }

  #close(error: unknown): void {
    const running = this.#state !== 'asked' && this.#state !== 'ended';
    this.#state = 'ended';
    this.#deadline[Symbol.dispose]();
    this.#body = [];
    if (error instanceof DownloadContentError) this.#file?.discard();
    else if (error !== undefined) this.#file?.suspend();
    // After the last byte this does nothing.
    if (running) this.#controller?.abort(ABORTED);
  }

  /** What undici calls must not throw: the connection would be blamed. */
  #guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fail(error);
    }
  }
}

function headerOf(headers: ResponseHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** A limit as the user gave it: `10 MB`. */
function sizeOf(bytes: number): string {
  if (bytes % 1e6 === 0) return `${String(bytes / 1e6)} MB`;
  if (bytes % 1e3 === 0) return `${String(bytes / 1e3)} KB`;
  return `${String(bytes)} bytes`;
}
