import { messageOf } from '@concurrent-executors/executor/backend';
import type { Redis } from 'ioredis';
import { RedisConnectionError } from '../errors.ts';
import {
  connect,
  isRefusal,
  reconnectDelay,
  shownUrl,
  type RedisSettings,
} from '../redis/connection.ts';
import { Heartbeat } from '../redis/heartbeat.ts';
import { identifyModule } from '../wire/module-identity.ts';
import { queueName } from '../wire/names.ts';
import { ControlListener } from './control-listener.ts';
import { checkWorkerOptions, type ExecutorWorkerOptions } from './options.ts';
import { Places } from './places.ts';
import { ReplyWriter } from './reply-writer.ts';
import { ServedModule } from './served-module.ts';
import { within } from './within.ts';

/** A user who may not run scripts on the keys of the namespace could take no task. */
const PROBE = "return redis.call('EXISTS', KEYS[1])";

/** Milliseconds that Redis has for an answer; then it counts as away. */
const ANSWER_TIMEOUT = 2_000;

/**
 * A connection over which nothing comes for so many milliseconds is given up, and made again;
 * sooner if the locks are lost by then.
 */
const SILENCE = 10_000;

/** While it closes, so often within the duration of a lock it looks for its connection. */
const LOOKS = 10;

/** A module that is served. */
export interface ServedQueue {
  /** Its package and its path in it. */
  readonly module: string;
  /** That of its package. */
  readonly version: string;
  /** The name of its queue, for programs that show queues. */
  readonly queue: string;
}

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
  readonly served: readonly ServedQueue[];
  readonly #settings: RedisSettings;
  readonly #prefix: string;
  readonly #lockDuration: number;
  readonly #redis: Redis;
  readonly #heartbeats: readonly Heartbeat[];
  readonly #control: ControlListener;
  readonly #replies: ReplyWriter;
  readonly #modules: readonly ServedModule[];
  readonly #abortGrace: number;
  readonly #incident: (message: string) => void;
  #closing: Promise<void> | undefined;
  #hasBegun = false;
  #isOver = false;

  private constructor(
    options: ReturnType<typeof checkWorkerOptions>,
    modules: readonly string[],
  ) {
    const { settings, names, signer, ...rest } = options;
    const identities = [...new Set(modules)].map(
      (url) => [url, identifyModule(url)] as const,
    );
    this.#settings = settings;
    this.#prefix = names.prefix;
    this.#lockDuration = rest.lockDuration;
    const { incident } = rest;
    this.#abortGrace = rest.abortGrace;
    this.#incident = incident;
    const open = (role: string): Redis =>
      connect(settings, `executor-worker:${role}`, {
        // The connections that BullMQ makes after these have it, too.
        retryStrategy: (times) => (this.#isOver ? null : reconnectDelay(times)),
      }).on('error', (error: Error) => {
        // Until it has begun, start() throws it.
        if (this.#hasBegun)
          incident(`${shownUrl(settings.redis)}: ${error.message}`);
      });
    this.#redis = open('commands');
    this.#replies = new ReplyWriter(this.#redis, names, signer);
    const control = open('control');
    const silence = Math.min(SILENCE, rest.lockDuration);
    this.#heartbeats = [this.#redis, control].map(
      (redis) => new Heartbeat(redis, silence, true),
    );
    this.#control = new ControlListener(control, names, signer, (control) =>
      this.#modules.some((served) => served.control(control)),
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
    this.served = identities.map(([, identity]) => ({
      module: identity.id,
      version: identity.version,
      queue: queueName(identity),
    }));
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

  /** How many tasks run here. */
  get running(): number {
    return this.#sum(({ running }) => running);
  }

  async health(): Promise<WorkerHealth> {
    const waiting =
      this.#redis.status === 'ready'
        ? await within(ANSWER_TIMEOUT, this.#waiting())
        : undefined;
    return {
      // A connection that was cut off without a word looks open.
      connected: waiting !== undefined,
      running: this.running,
      done: this.#sum(({ done }) => done),
      failed: this.#sum(({ failed }) => failed),
      waiting,
    };
  }

  /**
   * Takes no more tasks, and resolves when those that run have ended. Without a connection it
   * also resolves once their locks have expired: they are run again by others.
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
    this.#isOver = true;
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
    this.#hasBegun = true;
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
      await Promise.race([
        redis.eval(PROBE, 1, `${this.#prefix}:probe`),
        refused,
      ]);
    } catch (cause) {
      if (cause instanceof RedisConnectionError) throw cause;
      throw new RedisConnectionError(`${shown} refuses: ${messageOf(cause)}`, {
        cause,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  async #waiting(): Promise<number | undefined> {
    try {
      const counts = await Promise.all(
        this.served.flatMap(({ queue }) => [
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
    const closed = Promise.all(this.#modules.map((served) => served.close()));
    const ended =
      timeout === undefined ? closed : this.#closeWithin(timeout, closed);
    ended.catch(() => undefined); // the connection was closed below
    const cutOff = this.#cutOff();
    const isCutOff = await Promise.race([
      ended.then(
        () => false,
        () => false,
      ),
      cutOff.promise,
    ]);
    cutOff.stop();
    if (isCutOff) {
      await this.terminate();
      return;
    }
    // The last replies are on their way.
    if (this.#redis.status === 'ready')
      await within(
        ANSWER_TIMEOUT,
        this.#redis.quit().catch(() => undefined),
      );
    this.#disconnect();
  }

  /** Resolves when there was no connection for as long as a lock lasts. */
  #cutOff(): { readonly promise: Promise<true>; readonly stop: () => void } {
    let since = performance.now();
    let timer: NodeJS.Timeout | undefined;
    const promise = new Promise<true>((resolve) => {
      timer = setInterval(() => {
        const now = performance.now();
        if (this.#redis.status === 'ready') since = now;
        else if (now - since >= this.#lockDuration) resolve(true);
      }, this.#lockDuration / LOOKS);
    });
    return {
      promise,
      stop: () => {
        clearInterval(timer);
      },
    };
  }

  async #closeWithin(timeout: number, closed: Promise<unknown>): Promise<void> {
    if ((await within(timeout, closed)) !== undefined) return;
    for (const served of this.#modules) served.handBack();
    const grace = this.#abortGrace + ANSWER_TIMEOUT;
    if ((await within(grace, closed)) !== undefined) return;
    this.#incident(
      `${shownUrl(this.#settings.redis)} does not answer: what ran here runs elsewhere when its lock has expired`,
    );
    this.#disconnect(); // what waits for an answer fails
    await Promise.all(this.#modules.map((served) => served.endThreads()));
  }

  #sum(count: (served: ServedModule) => number): number {
    return this.#modules.reduce((total, served) => total + count(served), 0);
  }

  #disconnect(): void {
    this.#isOver = true;
    for (const heartbeat of this.#heartbeats) heartbeat.stop();
    this.#replies.close();
    this.#control.close();
    this.#redis.disconnect();
  }
}
