import { readFileSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '@concurrent-executors/executor/backend';
import {
  checkWorkerOptions,
  type ExecutorWorkerOptions,
} from '../worker/options.ts';
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
  const { hmacKeyFile, tlsCa, lockDuration, connectTimeout } = options;
  // A command line can be seen by everybody on the machine; the environment cannot.
  const { REDIS_USERNAME: username, REDIS_PASSWORD: password } = env;
  const hmacKey =
    hmacKeyFile === undefined
      ? env['EXECUTOR_HMAC_KEY']
      : read('--hmac-key-file', hmacKeyFile).replace(/\r?\n$/, '');
  if (tlsCa !== undefined && !options.redis.startsWith('rediss:')) {
    refuse('--tls-ca is for a --redis of rediss://host:port');
  }
  const worker: ExecutorWorkerOptions = {
    redis: options.redis,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    namespace: options.namespace,
    modules: options.modules.map(
      (module) => urlOf(module) ?? refuse(`there is no module ${module}`),
    ),
    concurrency: options.concurrency,
    lockDuration: Math.round(lockDuration * 1_000),
    connectTimeout: Math.round(connectTimeout * 1_000),
    ...(hmacKey === undefined ? {} : { hmacKey }),
    ...(tlsCa === undefined ? {} : { tls: { ca: read('--tls-ca', tlsCa) } }),
  };
  try {
    checkWorkerOptions(worker);
  } catch (error) {
    refuse(messageOf(error));
  }
  return {
    worker,
    drainTimeout: options.drainTimeout * 1_000,
    healthInterval: options.healthInterval * 1_000,
    json: options.json,
  };
}

/** Undefined if there is no such file. */
function urlOf(module: string): string | undefined {
  if (/^(file|node):/.test(module)) return module;
  try {
    // As Node.js imports it: through links it would be a module of another name.
    return pathToFileURL(realpathSync(resolve(module))).href;
  } catch {
    return undefined;
  }
}
