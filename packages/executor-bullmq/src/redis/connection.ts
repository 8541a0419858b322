import type { ConnectionOptions } from 'node:tls';
import { OptionTypeError } from '@concurrent-executors/executor';
import type { Redis, RedisOptions } from 'ioredis';
import { BatchingRedis } from './batching-redis.ts';

/** Where Redis is, and how to get there. */
export interface RedisSettings {
  /**
   * `redis://[user:password@]host[:port][/database]`, `rediss://…` with TLS, or
   * `unix:/path/of/socket`.
   */
  readonly redis: string;
  /** If they are not in the URL; one for a socket has no place for them. */
  readonly username?: string;
  readonly password?: string;
  /** For `rediss://`: certificates and what else `tls.connect` takes. */
  readonly tls?: ConnectionOptions;
}

const FIRST_DELAY = 50;
const LONGEST_DELAY = 2_000;

/** Codes of Node.js and OpenSSL for a certificate that is not trusted. */
const CERTIFICATE =
  /^(ERR_TLS_CERT|CERT_|UNABLE_TO_(GET|VERIFY)_|DEPTH_ZERO_SELF_SIGNED|SELF_SIGNED_CERT|INVALID_CA|HOSTNAME_MISMATCH)/;

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

/** Milliseconds until the next attempt to connect. @param times how many have failed */
export function reconnectDelay(times: number): number {
  return Math.min(FIRST_DELAY * 2 ** (times - 1), LONGEST_DELAY);
}

/**
 * A connection that connects again whenever it is lost. Commands wait for that, and those
 * without an answer are sent again: all that are sent here may be.
 *
 * @param name for `CLIENT LIST`
 */
export function connect(
  { redis, tls, ...user }: RedisSettings,
  name: string,
  options: RedisOptions = {},
): Redis {
  const all: RedisOptions = {
    connectionName: name,
    maxRetriesPerRequest: null,
    retryStrategy: reconnectDelay,
    ...(redis.startsWith('rediss:') ? { tls: { ...tls } } : {}),
    ...options,
  };
  const client = redis.startsWith('unix:')
    ? new BatchingRedis({ ...all, ...user, path: redis.slice('unix:'.length) })
    : new BatchingRedis(withUser(redis, user), all);
  // First of all: who prints an error of AUTH prints the password.
  client.on('error', withoutCommand);
  return client;
}

/** ioredis adds the command to an error, with all its arguments: passwords, scripts, values. */
export function withoutCommand(error: unknown): unknown {
  if (error instanceof Error) Reflect.deleteProperty(error, 'command');
  return error;
}

function withUser(
  redis: string,
  { username, password }: Pick<RedisSettings, 'username' | 'password'>,
): string {
  const url = new URL(redis);
  if (username !== undefined && url.username === '')
    url.username = encodeURIComponent(username);
  if (password !== undefined && url.password === '')
    url.password = encodeURIComponent(password);
  return url.href;
}

/** What Redis says, or TLS, when no later attempt can help. */
export function isRefusal(error: Error): boolean {
  return (
    /^(WRONGPASS|NOAUTH|NOPERM|ERR (The user executing the script can't|invalid password|Client sent AUTH|invalid DB index|DB index))/.test(
      error.message,
    ) ||
    ('code' in error && CERTIFICATE.test(String(error.code)))
  );
}
