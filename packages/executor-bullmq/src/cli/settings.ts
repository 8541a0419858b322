import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '@concurrent-executors/executor/backend';
import type { ExecutorWorkerOptions } from '../worker/options.ts';
import { commandOf, type ParsedOptions } from './command.ts';

/** A checked command line. */
export interface Settings {
  readonly worker: ExecutorWorkerOptions;
  /** In milliseconds. */
  readonly drainTimeout: number;
  /** In milliseconds; 0 for never. */
  readonly healthInterval: number;
  readonly json: boolean;
}

/** @throws {CommanderError} after help or version (exit code 0), and after a usage error */
export function parseCommandLine(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Settings {
  const command = commandOf().parse(args, { from: 'user' });
  const refuse = (message: string): never => command.error(`error: ${message}`);
  const options = command.opts<ParsedOptions>();
  const read = (name: string, path: string): string => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      return refuse(`${name} ${path} cannot be read: ${messageOf(error)}`);
    }
  };
  const { hmacKeyFile, tlsCa, lockDuration } = options;
  const hmacKey =
    hmacKeyFile === undefined
      ? env['EXECUTOR_HMAC_KEY']
      : read('--hmac-key-file', hmacKeyFile).replace(/\r?\n$/, '');
  return {
    worker: {
      redis: withPassword(options.redis, env['REDIS_PASSWORD']),
      namespace: options.namespace,
      modules: options.modules.map(
        (module) => urlOf(module) ?? refuse(`there is no module ${module}`),
      ),
      concurrency: options.concurrency,
      lockDuration: Math.round(lockDuration * 1_000),
      ...(hmacKey === undefined ? {} : { hmacKey }),
      ...(tlsCa === undefined ? {} : { tls: { ca: read('--tls-ca', tlsCa) } }),
    },
    drainTimeout: options.drainTimeout * 1_000,
    healthInterval: options.healthInterval * 1_000,
    json: options.json,
  };
}

/** A command line can be seen by everybody on the machine; the environment cannot. */
function withPassword(redis: string, password: string | undefined): string {
  if (password === undefined || !URL.canParse(redis)) return redis;
  const url = new URL(redis);
  if (url.password !== '' || url.protocol === 'unix:') return redis;
  url.password = encodeURIComponent(password);
  return url.href;
}

/** Undefined if there is no such file. */
function urlOf(module: string): string | undefined {
  if (/^(file|node):/.test(module)) return module;
  const path = resolve(module);
  return existsSync(path) ? pathToFileURL(path).href : undefined;
}
