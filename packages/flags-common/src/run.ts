import { FileWriteError } from '@concurrent-executors/executor/observe';
import { CommanderError } from 'commander';
import { parseCommandLine, type Settings } from './cli/command-line.ts';
import type { DownloadJob } from './download/job.ts';
import { describe, isFlagsError, UsageError } from './errors.ts';
import { closeClient } from './exchange/exchange-task.ts';
import {
  leaveFolder,
  prepareFolder,
  type DownloadFolder,
} from './exchange/folders.ts';
import { findServer, type FoundServer } from './find-server.ts';
import {
  Interruption,
  stopOnClosedOutput,
  stopOnSignals,
} from './interruption.ts';
import { flagItems } from './list/flags.ts';
import { readUrlList } from './list/url-list.ts';
import {
  downloadWithReport,
  say,
  showCodes,
  showFutures,
  type Run,
} from './modes.ts';
import type { Program } from './program.ts';
import { Records, type TraceFile } from './record/records.ts';
import { flagsReport, listReport } from './report.ts';
import { ServerPortError, serverSite, type ServerSite } from './servers.ts';
import { ExchangeTraceFile } from './trace/exchange-trace-file.ts';
import { HarFile } from './trace/har-file.ts';
import { TimelineFile } from './trace/timeline-file.ts';
import { version } from './version.ts';

/**
 * In milliseconds. A short `--timeout` is meant for the downloads: a busy server
 * that takes longer to tell what it is must not be taken for another program. The
 * book's slow server takes up to 5 seconds.
 */
const MIN_PROBE_TIMEOUT = 6_100;

/**
 * Runs a flags program on the arguments of this process, and ends the process.
 *
 * Exit status: 0 every flag was found or not found, and every URL of a list was
 * downloaded; 1 some downloads failed, or the run could not start or go on; 2 wrong
 * arguments; 128 and the number of the signal that interrupted it.
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
  const { source } = settings;
  const site = source.kind === 'flags' ? serverSite(source.server) : undefined;
  const folder = prepareFolder(settings.directory);
  try {
    await using server = site && (await serverFor(site, settings));
    stopOnSignals(stop);
    stop.signal.addEventListener('abort', () => {
      void closeClient();
    });
    // Only now: until here a signal ends the process, and would leave them unfinished.
    using records = new Records(folder.manifest, traceFiles(program, settings));
    const entries = entriesOf(settings, server?.url ?? '', stop.signal);
    const job = jobOf(settings, folder, records, entries, stop);
    const record = records.add.bind(records);
    const status = await runMode(
      { program, settings, job, record },
      server?.url,
    );
    records.close();
    const reason: unknown = stop.signal.reason;
    if (!(reason instanceof Interruption)) return status;
    // As in a shell: who closed the pipe knows.
    if (reason.signal !== 'SIGPIPE') {
      console.error(`${program.name}: ${reason.message}`);
    }
    return reason.status;
  } finally {
    leaveFolder(folder);
  }
}

function serverFor(
  site: ServerSite,
  { source, timeout }: Settings,
): Promise<FoundServer> {
  return findServer(site, {
    embedded: source.kind === 'flags' && source.embedded,
    timeout: Math.max(timeout, MIN_PROBE_TIMEOUT),
    notify: console.error,
  });
}

function entriesOf(
  { source }: Settings,
  baseUrl: string,
  signal: AbortSignal,
): DownloadJob['entries'] {
  return source.kind === 'list'
    ? readUrlList(source.file, source.limit, signal)
    : flagItems(source.codes, baseUrl, source.names);
}

function jobOf(
  settings: Settings,
  { directory, partialFolder }: DownloadFolder,
  records: Records,
  entries: DownloadJob['entries'],
  stop: AbortController,
): DownloadJob {
  const { concurrency, proxy, source } = settings;
  return {
    entries,
    concurrency,
    stop,
    plan: {
      directory,
      timeout: settings.timeout,
      retries: settings.retries,
      limits: { rate: settings.rate, perHost: settings.perHost },
      resume: settings.resume,
      refresh: settings.refresh,
      known: records.known.bind(records),
      signal: stop.signal,
      onTrace: records.trace.bind(records),
    },
    client: {
      timeout: settings.timeout,
      connectTimeout: settings.connectTimeout,
      stallTimeout: settings.stallTimeout,
      maxBytes: settings.maxBytes,
      connections: concurrency,
      // The servers on this machine need none.
      environmentProxies:
        proxy === undefined &&
        (source.kind === 'list' || source.server === 'REMOTE'),
      proxy: proxy === 'none' ? undefined : proxy,
      partialFolder,
      resume: settings.resume,
      trace: records.wantTraces,
    },
  };
}

function traceFiles(
  { name }: Program,
  { har, timeline, trace }: Settings,
): readonly (() => TraceFile)[] {
  return [
    ...(har === undefined ? [] : [() => new HarFile(har, { name, version })]),
    ...(timeline === undefined ? [] : [() => new TimelineFile(timeline, name)]),
    ...(trace === undefined ? [] : [() => new ExchangeTraceFile(trace, name)]),
  ];
}

/** @param url of the server of flags, if that is where they come from */
async function runMode(run: Run, url: string | undefined): Promise<number> {
  const { job, settings } = run;
  const { directory, mode, source } = settings;
  if (mode === 'codes') {
    await showCodes(run);
    return 0;
  }
  if (mode === 'futures') {
    await showFutures(run);
    return 0;
  }
  const { concurrency } = job;
  say(settings)(
    source.kind === 'flags'
      ? flagsReport({
          label: source.server,
          url: String(url),
          codes: source.codes,
          concurrency,
        })
      : listReport({ file: source.file, directory, concurrency }),
  );
  const tally = await downloadWithReport(run);
  // For a flag, "not found" is an answer; a list names what should be there.
  const missing = source.kind === 'list' ? tally.NOT_FOUND : 0;
  return tally.ERROR + missing > 0 ? 1 : 0;
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
  return isFlagsError(error) || error instanceof FileWriteError
    ? error.message
    : `internal error: ${describe(error)}`;
}
