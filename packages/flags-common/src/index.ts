export { downloadConcurrently } from './download/download-concurrently.ts';
export { downloadOne, type DownloadTarget } from './download/download-one.ts';
export {
  Downloader,
  type DoExchange,
  type DownloadPlan,
} from './download/downloader.ts';
export {
  isFound,
  type Failure,
  type Found,
  type NotFound,
  type Outcome,
  requireFound,
} from './download/outcome.ts';
export {
  DownloadContentError,
  DownloadError,
  DownloadFailedError,
  DownloadNetworkError,
  DownloadTimeoutError,
  FileNameError,
  FileWriteError,
  FlagsError,
  HttpStatusError,
  InputError,
  InputLineError,
  QueueError,
  RedirectError,
  ServerUnavailableError,
  UsageError,
  type ErrorCode,
} from './errors.ts';
export type {
  ClientSettings,
  ExchangeRequest,
  ExchangeResult,
} from './exchange/exchange.ts';
export { closeClient, exchange, openClient } from './exchange/exchange-task.ts';
export {
  queuedExchange,
  queuedExchangeModule,
} from './exchange/queued-exchange.ts';
export { ALL, POP20, selectCodes, type Selection } from './list/countries.ts';
export { flagItems } from './list/flags.ts';
export type { BadLine, DownloadItem, ListEntry } from './list/item.ts';
export type { DownloadJob } from './download/job.ts';
export type { Program, QueueSettings } from './program.ts';
export { runProgram } from './run.ts';
export {
  SERVER_LABELS,
  serverSite,
  type ServerLabel,
  type ServerSite,
} from './servers.ts';
