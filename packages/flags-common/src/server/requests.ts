import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerJson, answerStatus } from './answer.ts';
import { Delays } from './delays.ts';
import { FaultPlan } from './faults.ts';
import { answerFile } from './files.ts';
import { IDENTITY_PATH, identityOf } from './identity.ts';
import type { FlagServerSettings } from './options.ts';

/** The path below which the flags are served. */
export const FLAGS_PATH = '/flags';

/** Answers the requests of one server: first the delay, then the error or the file. */
export class Requests {
  readonly #settings: FlagServerSettings;
  readonly #root: string;
  readonly #faults: FaultPlan;
  readonly #delays = new Delays();
  #closing = false;

  /** @param root the folder that stands for FLAGS_PATH */
  constructor(settings: FlagServerSettings, root: string) {
    this.#settings = settings;
    this.#root = root;
    this.#faults = new FaultPlan(settings);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request.url ?? '/');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      this.#reportEnd(request, response, path, 0);
      answerStatus(response, 405, { Allow: 'GET, HEAD' });
    } else if (path === IDENTITY_PATH) {
      answerJson(response, identityOf(this.#settings));
    } else {
      void this.#answer(request, response, path);
    }
  }

  /** To be called when a connection has ended. */
  disconnect(socket: Socket): void {
    this.#delays.disconnect(socket);
  }

  /** Ends all delays. From now on requests get status 503, and each connection ends with its answer. */
  close(): void {
    this.#closing = true;
    this.#delays.endAll();
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    const { delay, error } = this.#faults.next(path);
    if (delay > 0 && !this.#closing) {
      const end = await this.#delays.wait(delay, request.socket);
      if (end === 'disconnected') {
        this.#report(request, path, delay, undefined);
        return;
      }
    }
    this.#reportEnd(request, response, path, delay);
    if (this.#closing) {
      answerStatus(response, 503, { Connection: 'close' });
    } else if (error) {
      answerStatus(response, 418);
    } else if (path.startsWith(`${FLAGS_PATH}/`)) {
      await answerFile(
        request,
        response,
        this.#root,
        path.slice(FLAGS_PATH.length),
      );
    } else {
      answerStatus(response, 404);
    }
  }

  #reportEnd(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    delay: number,
  ): void {
    const { socket } = request;
    response.once('close', () => {
      // Node.js would keep a connection that was busy when the server closed.
      if (this.#closing) socket.destroySoon();
      const status = response.writableFinished
        ? response.statusCode
        : undefined;
      this.#report(request, path, delay, status);
    });
  }

  #report(
    request: IncomingMessage,
    path: string,
    delay: number,
    status: number | undefined,
  ): void {
    const { method = '' } = request;
    this.#settings.onRequest({ method, path, delay, status });
  }
}

/**
 * The path of a request target, normalized and percent-encoded, so that it is safe to print.
 * Its absolute form (`http://localhost/flags`) is what proxies send.
 */
function pathOf(target: string): string {
  const url = target.startsWith('/') ? `http://localhost${target}` : target;
  return URL.canParse(url) ? new URL(url).pathname : '/';
}
