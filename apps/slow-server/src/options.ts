import { readFileSync } from 'node:fs';
import {
  FlagServerOptionError,
  parseFault,
  type FaultRule,
} from '@concurrent-executors/flags-common/server';
import { Command, Option } from 'commander';
import { HELP_FOOTER } from './help.ts';

/** The options of the command line, where they were given. */
export interface Options {
  readonly bind?: string;
  readonly directory?: string;
  readonly errorRate?: number;
  readonly fault?: readonly FaultRule[];
  readonly minDelay?: number;
  readonly maxDelay?: number;
  readonly port?: number;
  readonly seed?: string;
  readonly quiet?: true;
}

const DECIMAL = /^(\d+\.?\d*|\.\d+)$/;

/** The command with its options; its arguments are still to be checked. */
export function createCommand(): Command {
  const command = new Command('slow-server');
  const parsed = (
    flags: string,
    description: string,
    parse: (text: string) => number,
  ) => new Option(flags, description).argParser(parse);
  const seconds = (option: string) =>
    numberParser(command, option, 'a number of seconds, at least 0', DECIMAL);

  return command
    .description(
      'Serves flags at once (LOCAL), with delay (DELAY), and with delay and errors (ERROR).',
    )
    .argument(
      '[SERVER...]',
      'LOCAL, DELAY or ERROR (default: all three); or a PORT for one, DELAY if none is named',
    )
    .option(
      '-b, --bind <ADDR>',
      'address to listen on (default: 127.0.0.1, this machine only)',
    )
    .option(
      '-d, --directory <DIR>',
      'folder with a folder "flags" to serve (default: 194 flags)',
    )
    .addOption(
      parsed(
        '-e, --error-rate <RATE>',
        'share of requests answered with status 418, 0 to 1 (default: 0.25 for ERROR, else 0)',
        numberParser(
          command,
          '--error-rate',
          'a number from 0 to 1',
          DECIMAL,
          1,
        ),
      ),
    )
    .addOption(
      new Option(
        '--fault <FAULT>',
        'let requests fail, see below; can be given many times',
      ).argParser((text, earlier: readonly FaultRule[] | undefined) => [
        ...(earlier ?? []),
        readFault(text, command),
      ]),
    )
    .addOption(
      parsed(
        '--min-delay <S>',
        'shortest delay in seconds (default: 0.5; LOCAL: 0)',
        seconds('--min-delay'),
      ),
    )
    .addOption(
      parsed(
        '--max-delay <S>',
        'longest delay in seconds (default: 5; LOCAL: 0)',
        seconds('--max-delay'),
      ),
    )
    .addOption(
      parsed(
        '-p, --port <N>',
        'port of the one server that was named; 0 takes any free one',
        portParser(command, '--port'),
      ),
    )
    .option('--seed <SEED>', 'makes the delays and faults repeatable')
    .option('-q, --quiet', 'do not print requests')
    .version(version(), '--version', 'show the version and exit')
    .helpOption('-h, --help', 'show this help and exit')
    .addHelpText('after', HELP_FOOTER)
    .configureOutput({ writeErr: () => undefined })
    .exitOverride();
}

export function portParser(
  command: Command,
  name: string,
): (text: string) => number {
  return numberParser(
    command,
    name,
    'an integer from 0 to 65535',
    /^\d+$/,
    65535,
  );
}

/** Parses a number; commander would tell a wrong one less briefly. */
function numberParser(
  command: Command,
  name: string,
  expected: string,
  pattern: RegExp,
  max = Infinity,
): (text: string) => number {
  return (text) => {
    if (pattern.test(text) && Number(text) <= max) return Number(text);
    return command.error(
      `${name} must be ${expected}, not ${JSON.stringify(text)}`,
    );
  };
}

function readFault(text: string, command: Command): FaultRule {
  try {
    return parseFault(text);
  } catch (error) {
    if (!(error instanceof FlagServerOptionError)) throw error;
    return command.error(`--fault: ${error.message}`);
  }
}

function version(): string {
  const manifest = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
  ) as { version: string }; // our own
  return manifest.version;
}
