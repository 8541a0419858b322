export { ALL, POP20, selectCodes, type Selection } from './countries.ts';
export { downloadConcurrently } from './download-concurrently.ts';
export { downloadOne, type DownloadTarget } from './download.ts';
export {
  DownloadContentError,
  DownloadError,
  DownloadFailedError,
  DownloadNetworkError,
  DownloadTimeoutError,
  FileWriteError,
  FlagsError,
  HttpStatusError,
  isDownloadError,
  ServerUnavailableError,
  UsageError,
  type ErrorCode,
} from './errors.ts';
export { type Outcome, outcomeOf, requireOk } from './outcome.ts';
export type { DownloadJob, Program } from './program.ts';
export { runProgram } from './run.ts';
export {
  SERVER_LABELS,
  serverSite,
  type ServerLabel,
  type ServerSite,
} from './servers.ts';
