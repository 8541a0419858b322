import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { answerJson, answerStatus } from './answer.ts';
import { ANSWER_FAULTS, type FaultServices } from './answer-faults.ts';
import { BODY_FAULTS, isBodyFault } from './body-faults.ts';
import { FlagServerOptionError } from './errors.ts';
import type { Exchange } from './exchange.ts';
import type { FaultKind } from './fault-kinds.ts';
import { parsePath, type RequestPath } from './fault-path.ts';
import { FaultPlan } from './fault-plan.ts';
import type { FaultRule } from './fault-rule.ts';
import { answerFile } from './files.ts';
import { IDENTITY_PATH, identityOf } from './identity.ts';
import type { FlagServerSettings } from './options.ts';
import { Waits } from './waits.ts';

/** The path below which the flags are served. */
export const FLAGS_PATH = '/flags';

/** Answers the requests of one server: first the delay, then the fault or the file. */
export class Requests {
  readonly #settings: FlagServerSettings;
  readonly #root: string;
  readonly #plan: FaultPlan;
  readonly #waits = new Waits();
  readonly #services: FaultServices;
  /** The connections on which a fault is going on. */
  readonly #failing = new Set<Socket>();
  #closing = false;

  /**
   * @param root the folder that stands for FLAGS_PATH
   * @param otherPort resolves with another port of the server than this one
   */
  constructor(
    settings: FlagServerSettings,
    root: string,
    otherPort: (port: number) => Promise<number>,
  ) {
    this.#settings = settings;
    this.#root = root;
    this.#plan = new FaultPlan(settings);
    this.#services = { waits: this.#waits, otherPort };
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request.url ?? '/');
    if (path === IDENTITY_PATH && isRead(request)) {
      answerJson(response, identityOf(this.#settings));
    } else {
      const exchange = { request, response, path, delay: 0, fault: undefined };
      void this.#answer(exchange);
    }
  }

  /** To be called when a connection has ended. */
  disconnect(socket: Socket): void {
    this.#waits.disconnect(socket);
  }

  /**
   * Ends all delays and faults, these with their connections. From now on requests get
   * status 503, and each connection ends with its answer.
   */
  close(): void {
    this.#closing = true;
    for (const socket of this.#failing) socket.destroy();
    this.#waits.endAll();
  }

  async #answer(exchange: Exchange): Promise<void> {
    const { request, response, path } = exchange;
    if (!isRead(request)) {
      this.#reportEnd(exchange);
      answerStatus(response, 405, { Allow: 'GET, HEAD' });
      return;
    }
    const target = tryParsePath(path);
    if (target instanceof FlagServerOptionError) {
      this.#reportEnd(exchange);
      answerStatus(response, 400, {}, target.message);
      return;
    }
    const { delay, rule } = this.#plan.next(path, target.rules);
    exchange.delay = delay;
    if (delay > 0 && !this.#closing) {
      await this.#waits.wait(delay, request.socket);
    }
    await turn(exchange);
    if (request.socket.destroyed) {
      this.#report(exchange, undefined);
      return;
    }
    this.#reportEnd(exchange);
    if (this.#closing) {
      answerClosing(response);
    } else if (rule) {
      await this.#fail(exchange, rule, target.file);
    } else {
      await this.#answerFile(exchange, target.file);
    }
  }

  async #fail(
    exchange: Exchange,
    rule: FaultRule,
    path: string,
  ): Promise<void> {
    const { kind } = rule;
    if (isBodyFault(kind)) {
      await this.#answerFile(exchange, path, (body) => {
        const act = BODY_FAULTS[kind];
        void this.#apply(exchange, kind, () =>
          act(exchange, body, rule, this.#waits),
        );
      });
    } else {
      const act = ANSWER_FAULTS[kind];
      await this.#apply(exchange, kind, () =>
        act(exchange, rule, path, this.#services),
      );
    }
  }

  async #apply(
    exchange: Exchange,
    kind: FaultKind,
    act: () => void | Promise<void>,
  ): Promise<void> {
    const { request, response } = exchange;
    // The server may have been closed while the file was looked up.
    if (this.#closing) {
      answerClosing(response);
      return;
    }
    exchange.fault = kind;
    this.#failing.add(request.socket);
    try {
      await act();
    } catch {
      // The file could not be read, or there is no second port.
      if (response.headersSent) response.destroy();
      else answerStatus(response, 500);
    } finally {
      this.#failing.delete(request.socket);
    }
  }

  async #answerFile(
    { request, response }: Exchange,
    path: string,
    sendBody?: Parameters<typeof answerFile>[4],
  ): Promise<void> {
    if (path.startsWith(`${FLAGS_PATH}/`)) {
      const file = path.slice(FLAGS_PATH.length);
      await answerFile(request, response, this.#root, file, sendBody);
    } else {
      answerStatus(response, 404);
    }
  }

  #reportEnd(exchange: Exchange): void {
    const { request, response } = exchange;
    const { socket } = request;
    response.once('close', () => {
      // Node.js would keep a connection that was busy when the server closed.
      if (this.#closing) socket.destroySoon();
      const status = response.writableFinished
        ? response.statusCode
        : undefined;
      this.#report(exchange, status);
    });
  }

  #report(
    { request: { method = '' }, path, delay, fault }: Exchange,
    status: number | undefined,
  ): void {
    this.#settings.onRequest({ method, path, delay, fault, status });
  }
}

function answerClosing(response: ServerResponse): void {
  answerStatus(response, 503, { Connection: 'close' });
}

function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * The path of a request target, normalized and percent-encoded, so that it is safe to print.
 * Its absolute form (`http://localhost/flags`) is what proxies send.
 */
function pathOf(target: string): string {
  const url = target.startsWith('/') ? `http://localhost${target}` : target;
  return URL.canParse(url) ? new URL(url).pathname : '/';
}

function tryParsePath(path: string): RequestPath | FlagServerOptionError {
  try {
    return parsePath(path);
  } catch (error) {
    if (error instanceof FlagServerOptionError) return error;
    throw error;
  }
}

/** Resolves when the requests before it on its connection are answered, or the connection has ended. */
async function turn({ request, response }: Exchange): Promise<void> {
  const { socket } = request;
  if (response.socket || socket.destroyed) return;
  // Each request that waits here listens, and a client may send many at once.
  socket.setMaxListeners(0);
  await new Promise<void>((resolve) => {
    const done = (): void => {
      response.off('socket', done);
      socket.off('close', done);
      resolve();
    };
    response.on('socket', done);
    socket.on('close', done);
  });
}
