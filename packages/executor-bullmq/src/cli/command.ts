import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_NAMESPACE } from '../wire/names.ts';

/** Options as commander gives them. */
export interface ParsedOptions {
  readonly redis: string;
  readonly modules: readonly string[];
  readonly concurrency: number;
  readonly namespace: string;
  readonly drainTimeout: number;
  readonly lockDuration: number;
  readonly connectTimeout: number;
  readonly healthInterval: number;
  readonly json: boolean;
  readonly hmacKeyFile?: string;
  readonly tlsCa?: string;
}

const FOOTER = `
The modules are imported in worker threads. Of a module, every task and every exported
function can be called by whoever can write to its queue: serve modules that are made for it.

SIGTERM and Ctrl-C: takes no more tasks and ends when those that run are done, at last after
--drain-timeout; tasks that are not done then go back to the queue. A second signal ends it
at once.

Examples:
  executor-worker --redis redis://localhost:6379 --modules ./dist/tasks.js
  executor-worker --redis rediss://worker@redis.example:6380 --tls-ca ca.pem \\
    --hmac-key-file /run/secrets/executor --modules ./dist/tasks.js ./dist/more-tasks.js

Metrics: the tasks that run here are told of on the channels of the executors, as
concurrent-executors:task:finished. A module that subscribes to them is loaded by
  node --import ./observer.js node_modules/.bin/executor-worker …

Environment: REDIS_URL for --redis, REDIS_USERNAME and REDIS_PASSWORD for the user if the URL
has none, EXECUTOR_HMAC_KEY for the key.

Exit status: 0 after a signal, 1 an error, 2 wrong arguments.`;

/** The arguments and their help. Its actions throw instead of ending the program. */
export function commandOf(): Command {
  return new Command('executor-worker')
    .description(
      'Runs the tasks of some modules for BullMQExecutors on any machine, in worker threads.',
    )
    .version(version(), '-v, --version', 'show the version and exit')
    .helpOption('-h, --help', 'show this help and exit')
    .addHelpText('after', FOOTER)
    .configureOutput({
      outputError(message, write) {
        write(`executor-worker: ${message.trim().replaceAll('\n', ' ')}\n`);
      },
    })
    .exitOverride()
    .optionsGroup('What to run:')
    .addOption(
      new Option(
        '--modules <FILE...>',
        'modules of tasks, as files or URLs',
      ).makeOptionMandatory(),
    )
    .addOption(
      new Option('--concurrency <N>', 'tasks of each module at once')
        .argParser(atLeastOne)
        .default(availableParallelism(), 'the number of CPU cores'),
    )
    .optionsGroup('Where the tasks come from:')
    .addOption(
      new Option(
        '--redis <URL>',
        'redis://host:port, rediss://host:port or unix:/path/of/socket',
      )
        .env('REDIS_URL')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--namespace <NAME>', 'that of the executors').default(
        DEFAULT_NAMESPACE,
      ),
    )
    .addOption(
      new Option('--tls-ca <FILE>', 'certificates to trust, for rediss://'),
    )
    .addOption(
      new Option(
        '--connect-timeout <SECONDS>',
        'how long to wait for Redis at the start',
      )
        .argParser(positiveSeconds)
        .default(10),
    )
    .addOption(
      new Option(
        '--hmac-key-file <FILE>',
        'run only what is signed with the key in this file, without its last line break',
      ),
    )
    .optionsGroup('When something ends:')
    .addOption(
      new Option(
        '--drain-timeout <SECONDS>',
        'how long tasks may go on after a signal',
      )
        .argParser(seconds)
        .default(30),
    )
    .addOption(
      new Option(
        '--lock-duration <SECONDS>',
        'after which the task of a worker that does not answer runs elsewhere',
      )
        .argParser(positiveSeconds)
        .default(10),
    )
    .optionsGroup('What to show:')
    .addOption(
      new Option(
        '--health-interval <SECONDS>',
        'how often to print a line of health; 0 for never',
      )
        .argParser(seconds)
        .default(60),
    )
    .addOption(
      new Option('--json', 'print lines as JSON objects').default(false, 'off'),
    );
}

function atLeastOne(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1)
    throw new InvalidArgumentError('Expected an integer of at least 1.');
  return number;
}

/** The longest time that a timer can count, in seconds. */
const MAX_SECONDS = 2_147_483;

function seconds(text: string): number {
  const number = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || number > MAX_SECONDS)
    throw new InvalidArgumentError(
      `Expected seconds from 0 to ${String(MAX_SECONDS)}.`,
    );
  return number;
}

function positiveSeconds(text: string): number {
  const number = seconds(text);
  if (number < 0.1)
    throw new InvalidArgumentError('Expected at least 0.1 seconds.');
  return number;
}

function version(): string {
  const manifest = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { version: string }; // our own
  return manifest.version;
}
