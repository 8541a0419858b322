import type { Redis } from 'ioredis';
import { RedisConnectionError } from '../errors.ts';
import {
  connect,
  isRefusal,
  shownUrl,
  type RedisSettings,
} from '../redis/connection.ts';
import { identifyModule } from '../wire/module-identity.ts';
import { ControlListener } from './control-listener.ts';
import { checkWorkerOptions, type ExecutorWorkerOptions } from './options.ts';
import { Places } from './places.ts';
import { ReplyWriter } from './reply-writer.ts';
import { ServedModule } from './served-module.ts';

export interface WorkerHealth {
  /** Whether there is a connection to Redis. */
  readonly connected: boolean;
  readonly running: number;
  /** Tasks that have ended here; those of them that failed. */
  readonly done: number;
  readonly failed: number;
  /** Tasks in the queues of the modules; undefined without a connection. */
  readonly waiting: number | undefined;
}

/** Runs the tasks of some modules for BullMQExecutors on any machine. */
export class ExecutorWorker implements AsyncDisposable {
  /** The queues that are served: one for each module and version. */
  readonly queues: readonly string[];
  readonly #settings: RedisSettings;
  readonly #prefix: string;
  readonly #redis: Redis;
  readonly #control: ControlListener;
  readonly #replies: ReplyWriter;
  readonly #modules: readonly ServedModule[];
  #closing: Promise<void> | undefined;

  private constructor(
    options: ReturnType<typeof checkWorkerOptions>,
    modules: readonly string[],
  ) {
    const { settings, names, signer, ...rest } = options;
    const identities = modules.map(
      (url) => [url, identifyModule(url)] as const,
    );
    this.#settings = settings;
    this.#prefix = names.prefix;
    const { incident } = rest;
    const open = (role: string): Redis =>
      connect(settings, `executor-worker:${role}`).on(
        'error',
        (error: Error) => {
          incident(`${shownUrl(settings.redis)}: ${error.message}`);
        },
      );
    this.#redis = open('commands');
    this.#replies = new ReplyWriter(this.#redis, names, signer);
    this.#control = new ControlListener(
      open('control'),
      names,
      signer,
      (control) => this.#modules.some((served) => served.control(control)),
    );
    const places = new Places(rest.concurrency * identities.length);
    this.#modules = identities.map(
      ([url, identity]) =>
        new ServedModule(url, identity, {
          redis: this.#redis,
          names,
          signer,
          replies: this.#replies,
          control: this.#control,
          places,
          ...rest,
        }),
    );
    this.queues = this.#modules.map(({ queue }) => queue);
  }

  /**
   * Resolves when the modules are imported, Redis is reached, and tasks are taken.
   *
   * @throws OptionTypeError, OptionRangeError
   * @throws TaskInvalidError if a module cannot be read
   * @throws RedisConnectionError if Redis does not answer in time, or refuses the user
   * @throws what a module throws when it is imported
   */
  static async start(options: ExecutorWorkerOptions): Promise<ExecutorWorker> {
    const checked = checkWorkerOptions(options);
    const worker = new ExecutorWorker(checked, options.modules);
    try {
      await worker.#begin(checked.connectTimeout);
    } catch (error) {
      await worker.terminate();
      throw error;
    }
    return worker;
  }

  async health(): Promise<WorkerHealth> {
    const connected = this.#redis.status === 'ready';
    const sum = (count: (served: ServedModule) => number): number =>
      this.#modules.reduce((total, served) => total + count(served), 0);
    return {
      connected,
      running: sum(({ running }) => running),
      done: sum(({ done }) => done),
      failed: sum(({ failed }) => failed),
      waiting: connected ? await this.#waiting() : undefined,
    };
  }

  /**
   * Takes no more tasks, and resolves when those that run have ended.
   *
   * @param options.timeout milliseconds that they have; then they are ended and go back to
   *   the queue, for other workers to run them again. Default: no limit
   */
  close(options: { readonly timeout?: number } = {}): Promise<void> {
    this.#closing ??= this.#close(options.timeout);
    return this.#closing;
  }

  /** Ends at once. What runs here is run again by others when its lock has expired. */
  async terminate(): Promise<void> {
    await Promise.all(this.#modules.map((served) => served.terminate()));
    this.#disconnect();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #begin(timeout: number): Promise<void> {
    await Promise.all([
      this.#connected(timeout),
      ...this.#modules.map((served) => served.check()),
    ]);
    // Before the first task: what is said of it must not be missed.
    await this.#control.start();
    for (const served of this.#modules) served.start();
  }

  async #connected(timeout: number): Promise<void> {
    const redis = this.#redis;
    const shown = shownUrl(this.#settings.redis);
    let lastError: Error | undefined;
    let timer: NodeJS.Timeout | undefined;
    const refused = new Promise<never>((_resolve, reject) => {
      const fail = (message: string): void => {
        reject(new RedisConnectionError(message, { cause: lastError }));
      };
      timer = setTimeout(() => {
        fail(
          `${shown} does not answer: ${lastError?.message ?? `nothing came within ${String(timeout)} ms`}`,
        );
      }, timeout);
      redis.on('error', (error: Error) => {
        lastError = error;
        if (isRefusal(error)) fail(`${shown} refuses: ${error.message}`);
      });
    });
    try {
      await Promise.race([redis.ping(), refused]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #waiting(): Promise<number | undefined> {
    try {
      const counts = await Promise.all(
        this.queues.flatMap((queue) => [
          this.#redis.zcard(`${this.#prefix}:${queue}:prioritized`),
          this.#redis.llen(`${this.#prefix}:${queue}:wait`),
        ]),
      );
      return counts.reduce((total, count) => total + count, 0);
    } catch {
      return undefined; // disconnected in the meantime
    }
  }

  async #close(timeout: number | undefined): Promise<void> {
    const timer =
      timeout === undefined
        ? undefined
        : setTimeout(() => {
            for (const served of this.#modules) served.handBack();
          }, timeout);
    await Promise.all(this.#modules.map((served) => served.close()));
    clearTimeout(timer);
    // The last replies are on their way.
    await this.#redis.quit().catch(() => undefined);
    this.#disconnect();
  }

  #disconnect(): void {
    this.#replies.close();
    this.#control.close();
    this.#redis.disconnect();
  }
}
