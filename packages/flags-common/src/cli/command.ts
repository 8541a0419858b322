import { Command, Option } from 'commander';
import type { Program } from '../program.ts';
import { SERVER_LABELS, type ServerLabel } from '../servers.ts';
import { version } from '../version.ts';
import {
  byteCount,
  inputFile,
  integer,
  oneOf,
  path,
  proxyUrl,
  requestsPerSecond,
  seconds,
  serverLabel,
} from './values.ts';

export const PROGRESS = ['bar', 'codes', 'lines', 'none'] as const;

const EXECUTORS = ['thread', 'bullmq'] as const;

/** Options as commander has read them; times are in milliseconds. */
export interface Options {
  readonly all?: true;
  readonly every?: true;
  readonly limit?: number;
  readonly server: ServerLabel;
  readonly names?: true;
  readonly codes?: true;
  readonly futures?: true;
  readonly embedded: boolean;
  readonly input?: string;
  readonly output: string;
  readonly executor?: (typeof EXECUTORS)[number];
  readonly redis?: string;
  readonly namespace?: string;
  readonly maxReq?: number;
  readonly perHost?: number;
  readonly rate?: number;
  readonly timeout?: number;
  readonly connectTimeout: number;
  readonly stallTimeout: number;
  readonly retries?: number;
  readonly maxSize?: number;
  readonly proxy?: string;
  readonly refresh?: true;
  readonly resume?: true;
  readonly progress?: (typeof PROGRESS)[number];
  readonly verbose?: true;
  readonly log?: 'jsonl';
  readonly har?: string;
  readonly timeline?: string;
  readonly trace?: string;
}

/** So many downloads show every state of a future when three workers run them. */
export const FUTURES_SHOWN = 5;

/** The options, which are the same for all flags programs, and their help. */
export function commandOf(program: Program): Command {
  const command = new Command(program.name)
    .description(
      'Download flags for country codes (default: the 20 most populous countries),\n' +
        'or any list of URLs.',
    )
    .argument('[CC...]', 'country code or 1st letter (e.g. B for BA...BZ)')
    .version(version, '--version', 'show the version and exit')
    .helpOption('-h, --help', 'show this help and exit')
    .addHelpText('after', HELP_FOOTER)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
  const groups = {
    'What to download:': whatToDownload(program),
    'How to download:': howToDownload(program),
    'What to show and record:': whatToShow(),
  };
  for (const [heading, options] of Object.entries(groups)) {
    for (const option of options) command.addOption(option.helpGroup(heading));
  }
  return command;
}

/** An option whose value is read by `parse`. */
function valued(
  flags: string,
  description: string,
  parse: (value: string) => unknown,
): Option {
  return new Option(flags, description).argParser(parse);
}

function whatToDownload(program: Program): Option[] {
  return [
    new Option('-a, --all', 'get all available flags (AD to ZW)'),
    new Option('-e, --every', 'get flags for every possible code (AA...ZZ)'),
    valued(
      '-l, --limit <N>',
      'limit to N first codes or URLs',
      integer('--limit', 1),
    ),
    valued(
      '-s, --server <LABEL>',
      `server to hit; one of ${SERVER_LABELS.join(', ')}`,
      serverLabel,
    ).default('LOCAL', 'LOCAL'),
    new Option('--no-embedded', 'fail if the server is down; do not start one'),
    new Option('--names', "save under the country's name instead of its code"),
    new Option(
      '--codes',
      'show only the codes as they are downloaded; stop at the first error',
    ).conflicts(['verbose', 'progress', 'log', 'input']),
    ...(program.showFutures === undefined
      ? []
      : [
          new Option(
            '--futures',
            `show the futures of the first ${String(FUTURES_SHOWN)} downloads, on 3 workers`,
          ).conflicts([
            'codes',
            'maxReq',
            'verbose',
            'progress',
            'log',
            'input',
            'names',
          ]),
        ]),
    valued(
      '--input <FILE>',
      'URLs to download instead of flags, one a line; - is standard input',
      inputFile,
    ).conflicts(['all', 'every', 'names', 'server']),
    valued(
      '--output <DIR>',
      'folder to save in',
      path('--output', 'a folder'),
    ).default('downloaded', './downloaded'),
  ];
}

function howToDownload(program: Program): Option[] {
  const { defaultConcurrency, maxConcurrency } = program;
  return [
    ...(program.downloadByQueue === undefined ? [] : whereToDownload()),
    valued(
      '-m, --max-req <N>',
      `maximum concurrent requests (default: ${String(defaultConcurrency)}, maximum: ${String(maxConcurrency)}); also --max_req`,
      integer('--max-req', 1),
    ),
    valued(
      '--per-host <N>',
      'maximum concurrent requests to one host (default: as --max-req)',
      integer('--per-host', 1),
    ),
    valued(
      '--rate <N>',
      'maximum requests a second, all together (default: no limit)',
      requestsPerSecond,
    ),
    valued(
      '--timeout <S>',
      'time limit for each attempt, in seconds (default: 6.1; none with --input)',
      seconds('--timeout'),
    ),
    valued(
      '--connect-timeout <S>',
      'time limit for getting a connection, in seconds',
      seconds('--connect-timeout'),
    ).default(10_000, '10'),
    valued(
      '--stall-timeout <S>',
      'give up when nothing comes for so many seconds',
      seconds('--stall-timeout'),
    ).default(30_000, '30'),
    valued(
      '--retries <N>',
      'try again so often after what may pass: no connection, time out, status 408, 425, 429, 5xx (default: 0; 3 with --input)',
      integer('--retries', 0),
    ),
    valued(
      '--max-size <BYTES>',
      'give up on larger files, e.g. 500K, 10M (default: 10M; no limit with --input)',
      byteCount,
    ),
    valued(
      '--proxy <URL>',
      'proxy, or none (default: http_proxy, https_proxy and no_proxy of the environment)',
      proxyUrl,
    ),
    new Option(
      '--refresh',
      'leave alone what is there and the server says is unchanged',
    ),
    new Option(
      '--resume',
      'leave alone what an earlier run has brought, and continue large files',
    ),
  ];
}

function whereToDownload(): Option[] {
  return [
    valued(
      '--executor <KIND>',
      'thread, in this program, or bullmq, in executor-workers that see the folder of --output under the same path (default: thread)',
      oneOf('--executor', EXECUTORS),
    ),
    new Option(
      '--redis <URL>',
      'with --executor bullmq: where the queue is, e.g. redis://localhost:6379',
    ).env('REDIS_URL'),
    new Option(
      '--namespace <NAME>',
      'with --executor bullmq: that of the workers',
    ),
  ];
}

function whatToShow(): Option[] {
  return [
    valued(
      '--progress <KIND>',
      `${PROGRESS.join(', ')} (default: bar)`,
      oneOf('--progress', PROGRESS),
    ),
    new Option(
      '-v, --verbose',
      'show every download instead of a bar; the same as --progress lines',
    ).conflicts('progress'),
    valued(
      '--log <FORMAT>',
      'write what became of each download to standard output; jsonl is the one format',
      oneOf('--log', ['jsonl']),
    ),
    valued(
      '--har <FILE>',
      'record all requests, for the network tab of browsers',
      path('--har', 'a file'),
    ),
    valued(
      '--timeline <FILE>',
      'record all requests as a page to look at (.html)',
      path('--timeline', 'a file'),
    ),
    valued(
      '--trace <FILE>',
      'record all requests for ui.perfetto.dev or chrome://tracing (.json)',
      path('--trace', 'a file'),
    ),
  ];
}

const HELP_FOOTER = `
Servers:
  LOCAL   http://localhost:8000/flags, answers at once
  DELAY   http://localhost:8001/flags, delays each answer by 0.5 to 5 seconds
  ERROR   http://localhost:8002/flags, as DELAY, and a quarter are errors
  REMOTE  https://www.fluentpython.com/data/flags; please be gentle
  If LOCAL, DELAY or ERROR is down, it is started and stopped with the program.
  FLAGS_LOCAL_PORT, FLAGS_DELAY_PORT and FLAGS_ERROR_PORT change the ports.

Lines of --input:
  URL [NAME] [ALGORITHM:DIGEST]
  NAME may have spaces and folders; without one the file is named after the URL.
  ALGORITHM is md5, sha1, sha256, sha384 or sha512. Lines with # do not count.

What became of each URL is kept in .downloads/manifest.jsonl of the folder.

Exit status: 0 every code was found or not found, and every URL of a list was
downloaded; 1 some downloads failed or nothing could be done; 2 wrong arguments;
130 interrupted.

Under "nx run", use -v: Nx keeps --verbose for itself.`;
