import { CommanderError } from 'commander';
import { parseCommandLine, type Settings } from './cli.ts';
import { abortDownloads } from './client.ts';
import { describe, isFlagsError, UsageError } from './errors.ts';
import { prepareDirectory, removePartialFiles } from './files.ts';
import { findServer } from './find-server.ts';
import {
  Interruption,
  stopOnClosedOutput,
  stopOnSignals,
} from './interruption.ts';
import { downloadWithReport, showCodes, showFutures } from './modes.ts';
import type { DownloadJob, Program } from './program.ts';
import { initialReport } from './report.ts';
import { ServerPortError, serverSite } from './servers.ts';

/**
 * In milliseconds. A short `--timeout` is meant for the downloads: a busy server
 * that takes longer to tell what it is must not be taken for another program. The
 * book's slow server takes up to 5 seconds.
 */
const MIN_PROBE_TIMEOUT = 6_100;

/**
 * Runs a flags program on the arguments of this process, and ends the process.
 *
 * Exit status: 0 every flag was found or not found; 1 some downloads failed, or
 * the run could not start or go on; 2 wrong arguments; 128 and the number of the
 * signal that interrupted it.
 */
export async function runProgram(program: Program): Promise<void> {
  const stop = new AbortController();
  stopOnClosedOutput(stop);
  let status: number;
  try {
    status = await run(program, stop);
  } catch (error) {
    status = reportFailure(program.name, error);
  }
  // exit, because a connection attempt that was given up would keep the process
  // for seconds; after the output, which may still be on its way.
  process.stdout.write('', () => process.exit(status));
}

async function run(program: Program, stop: AbortController): Promise<number> {
  const settings = parseCommandLine(program, process.argv.slice(2));
  const site = serverSite(settings.server);
  prepareDirectory(settings.directory);
  await using server = await findServer(site, {
    embedded: settings.embedded,
    timeout: Math.max(settings.timeout, MIN_PROBE_TIMEOUT),
    notify: console.error,
  });
  stopOnSignals(stop);
  stop.signal.addEventListener('abort', () => {
    void abortDownloads();
  });
  const { codes, concurrency, directory, names, timeout } = settings;
  const job: DownloadJob = {
    codes,
    concurrency,
    target: { baseUrl: server.url, directory, names, timeout },
    stop,
  };
  try {
    const status = await runMode(program, settings, job);
    const reason: unknown = stop.signal.reason;
    if (!(reason instanceof Interruption)) return status;
    // As in a shell: who closed the pipe knows.
    if (reason.signal !== 'SIGPIPE') {
      console.error(`${program.name}: ${reason.message}`);
    }
    return reason.status;
  } finally {
    removePartialFiles(directory);
  }
}

async function runMode(
  program: Program,
  { mode, server, verbose }: Settings,
  job: DownloadJob,
): Promise<number> {
  if (mode === 'codes') {
    await showCodes(program, job);
    return 0;
  }
  if (mode === 'futures') {
    await showFutures(program, job);
    return 0;
  }
  const url = job.target.baseUrl;
  console.log(initialReport({ ...job, label: server, url }));
  const tally = await downloadWithReport(program, job, verbose);
  return tally.ERROR > 0 ? 1 : 0;
}

/** One line on standard error, and the exit status that goes with it. */
function reportFailure(name: string, error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode;
  const isUsage = error instanceof UsageError;
  let line = `${name}: error: ${messageOf(error)}`;
  if (isUsage) {
    if (error.received !== undefined) line += `, got "${error.received}"`;
    line += `; try: ${name} --help`;
  }
  console.error(line);
  return isUsage || error instanceof ServerPortError ? 2 : 1;
}

function messageOf(error: unknown): string {
  return isFlagsError(error)
    ? error.message
    : `internal error: ${describe(error)}`;
}
