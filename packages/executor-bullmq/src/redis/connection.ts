import type { ConnectionOptions } from 'node:tls';
import { OptionTypeError } from '@concurrent-executors/executor';
import { Redis, type RedisOptions } from 'ioredis';

/** Where Redis is, and how to get there. */
export interface RedisSettings {
  /**
   * `redis://[user:password@]host[:port][/database]`, `rediss://…` with TLS, or
   * `unix:/path/of/socket`.
   */
  readonly redis: string;
  /** For `rediss://`: certificates and what else `tls.connect` takes. */
  readonly tls?: ConnectionOptions;
}

const FIRST_DELAY = 50;
const LONGEST_DELAY = 2_000;

/** @throws OptionTypeError */
export function checkRedisUrl(redis: unknown): string {
  if (typeof redis === 'string') {
    if (/^unix:\/./.test(redis)) return redis;
    if (/^rediss?:\/\//.test(redis) && URL.canParse(redis)) return redis;
  }
  // Not the value: it may have a password in it.
  throw new OptionTypeError(
    'redis must be a URL: expected redis://host:port, rediss://host:port or unix:/path/of/socket',
  );
}

/** The URL without what is secret in it, for messages. */
export function shownUrl(redis: string): string {
  if (redis.startsWith('unix:')) return redis;
  const { protocol, host, pathname } = new URL(redis);
  return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}

/**
 * A connection that connects again whenever it is lost. Commands wait for that, and those
 * without an answer are sent again: all that are sent here may be.
 *
 * @param name for `CLIENT LIST`
 */
export function connect(
  { redis, tls }: RedisSettings,
  name: string,
  options: RedisOptions = {},
): Redis {
  const all: RedisOptions = {
    connectionName: name,
    maxRetriesPerRequest: null,
    enableAutoPipelining: true,
    retryStrategy: (times) =>
      Math.min(FIRST_DELAY * 2 ** (times - 1), LONGEST_DELAY),
    ...(redis.startsWith('rediss:') ? { tls: { ...tls } } : {}),
    ...options,
  };
  return redis.startsWith('unix:')
    ? new Redis({ ...all, path: redis.slice('unix:'.length) })
    : new Redis(redis, all);
}

/** What Redis says when no later attempt can help. */
export function isRefusal(error: Error): boolean {
  return /^(WRONGPASS|NOAUTH|NOPERM|ERR (invalid password|Client sent AUTH|DB index))/.test(
    error.message,
  );
}
