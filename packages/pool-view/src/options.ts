import { Option, type Command } from 'commander';

/** What a user wants to see of a run. */
export interface ObservationOptions {
  /** The file for a trace in the format of Chrome. */
  readonly trace?: string;
  /** The file for a page with a timeline. */
  readonly timeline?: string;
  /** Whether to show the live view. */
  readonly live?: true;
}

/** Adds `--trace`, `--timeline` and `--live` to the command, and returns it. */
export function observationOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--trace <file>',
        'write a trace of all tasks and workers, for ui.perfetto.dev or chrome://tracing',
      ),
    )
    .addOption(
      new Option(
        '--timeline <file>',
        'write an HTML page with a timeline of all tasks and workers',
      ),
    )
    .addOption(
      new Option(
        '--live',
        'show workers and queue while the program runs, on standard error if it is a terminal',
      ),
    );
}
