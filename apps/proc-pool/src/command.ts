import { readFileSync } from 'node:fs';
import {
  observationOptions,
  type ObservationOptions,
} from '@concurrent-executors/pool-view/options';
import { Argument, Command, InvalidArgumentError, Option } from 'commander';
import { METHODS, type Method } from './check.ts';
import { EXECUTORS, type ExecutorKind } from './executors.ts';

/** Options as commander gives them. */
export interface ParsedOptions extends ObservationOptions {
  readonly executor: ExecutorKind;
  readonly redis?: string;
  readonly namespace?: string;
  readonly method: Method;
  /** Texts, since what is taken depends on the method. */
  readonly numbers?: readonly string[];
  readonly file?: string;
  readonly asCompleted: boolean;
  readonly progress: boolean;
  readonly json: boolean;
  readonly speedUp: boolean;
}

// Every worker has its own memory: a typing error must not start more of them than a
// machine can carry.
const MAX_WORKERS = 1000;

const FOOTER = `
Examples:
  proc-pool 2                       20 numbers, 2 processes
  proc-pool 2 --executor thread     the same with threads
  proc-pool 2 --speed-up            the same, compared with 1 process
  proc-pool -n 9999999999999917,97  numbers of your own
  proc-pool --executor bullmq --redis redis://localhost:6379
                                    20 numbers, on any machine where this serves the queue:
                                    executor-worker --redis URL --modules …/proc-pool/dist/check.js
  seq 1000000 | proc-pool -f - --method fast --json

Exit status: 0 all numbers were checked, 1 an error, 2 wrong arguments, 130 Ctrl-C.`;

/** The arguments and their help. Its actions throw instead of ending the program. */
export function commandOf(): Command {
  const command = new Command('proc-pool')
    .description(
      'Checks numbers for primality in a pool of workers. Without numbers of your own, it checks 20 large ones, and the results come in the order of submission: largest number first.',
    )
    .addArgument(
      new Argument(
        '[workers]',
        'number of processes or threads (default: the number of available CPU cores); none with bullmq',
      ).argParser(parseWorkers),
    )
    .version(version(), '-v, --version', 'show the version and exit')
    .helpOption('-h, --help', 'show this help and exit')
    .addHelpText('after', FOOTER)
    .configureOutput({
      // Commander puts its suggestion on a line of its own.
      outputError(message, write) {
        write(`proc-pool: ${message.trim().replaceAll('\n', ' ')}\n`);
      },
    })
    .exitOverride();
  const groups = {
    'What to check:': whatToCheck(),
    'How to check:': howToCheck(),
    'What to show:': whatToShow(),
  };
  for (const [heading, options] of Object.entries(groups))
    for (const option of options) command.addOption(option.helpGroup(heading));
  return observationOptions(command.optionsGroup('What to observe:'));
}

function whatToCheck(): Option[] {
  return [
    new Option(
      '-n, --numbers <N,N...>',
      'these integers, of any size; can be given many times',
    ).argParser<readonly string[] | undefined>((text, before) => [
      ...(before ?? []),
      ...text.split(','),
    ]),
    new Option(
      '-f, --file <FILE>',
      'the integers of a file, one a line; blank lines and those that begin with # do not count; - is standard input',
    ).conflicts('numbers'),
  ];
}

function howToCheck(): Option[] {
  return [
    new Option('--executor <KIND>', 'what runs the checks')
      .choices(EXECUTORS)
      .default('process'),
    new Option(
      '--redis <URL>',
      'with --executor bullmq: where the queue is; redis://host:port, rediss://host:port or unix:/path/of/socket',
    ).env('REDIS_URL'),
    new Option(
      '--namespace <NAME>',
      'with --executor bullmq: that of the workers',
    ),
    new Option(
      '--method <METHOD>',
      'trial-division is slow by design and takes integers below 2^64; fast takes microseconds for these',
    )
      .choices(METHODS)
      .default('trial-division'),
    flag(
      '--as-completed',
      'submit the smallest number first and print each result as soon as it is there; numbers of your own are submitted in their order',
    ),
  ];
}

function whatToShow(): Option[] {
  return [
    flag('--progress', 'show a progress bar on standard error'),
    flag('--json', 'print JSON Lines: one object for each number, then totals'),
    flag(
      '--speed-up',
      'check the numbers once more with 1 worker, and print how much sooner several are done; holds all numbers in memory',
    ),
  ];
}

function flag(name: string, description: string): Option {
  return new Option(name, description).default(false, 'off');
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!/^\d+$/.test(text) || workers < 1 || workers > MAX_WORKERS)
    throw new InvalidArgumentError(
      `Expected an integer from 1 to ${String(MAX_WORKERS)} (each worker is a process or a thread).`,
    );
  return workers;
}

function version(): string {
  const manifest = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string }; // our own
  return manifest.version;
}
