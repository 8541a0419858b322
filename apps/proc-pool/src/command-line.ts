import { Argument, Command, InvalidArgumentError } from 'commander';

export interface Options {
  /** Default: what the executor takes. */
  readonly maxWorkers?: number;
  readonly asCompleted: boolean;
}

// Every worker is a process of its own, with its own memory: a typing error must not
// start more of them than a machine can carry.
const MAX_WORKERS = 1000;

/** @throws {CommanderError} after --help (exit code 0) and after a usage error. */
export function parseCommandLine(args: readonly string[]): Options {
  const command = new Command('proc-pool')
    .description(
      'Checks 20 numbers for primality in a pool of processes. The results come in the order of submission: largest number first.',
    )
    .addArgument(
      new Argument(
        '[workers]',
        'number of processes (default: the number of available CPU cores)',
      ).argParser(parseWorkers),
    )
    .option(
      '--as-completed',
      'submit the smallest number first and print each result as soon as it is there',
    )
    .configureOutput({
      // Commander puts its suggestion on a line of its own.
      outputError(message, write) {
        write(`proc-pool: ${message.trim().replaceAll('\n', ' ')}\n`);
      },
    })
    .exitOverride()
    .parse(args, { from: 'user' });
  const { asCompleted = false } = command.opts<{ asCompleted?: true }>();
  const [maxWorkers] = command.processedArgs as [number | undefined]; // from parseWorkers
  return { asCompleted, ...(maxWorkers !== undefined && { maxWorkers }) };
}

function parseWorkers(text: string): number {
  const workers = Number(text);
  if (!/^\d+$/.test(text) || workers < 1 || workers > MAX_WORKERS)
    throw new InvalidArgumentError(
      `Expected an integer from 1 to ${String(MAX_WORKERS)} (each worker is a process).`,
    );
  return workers;
}
