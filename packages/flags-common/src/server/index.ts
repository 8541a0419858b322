export {
  SERVER_LABELS,
  serverSite,
  ServerPortError,
  type ServerLabel,
  type ServerSite,
} from '../servers.ts';
export {
  FlagServerDirectoryError,
  FlagServerListenError,
  FlagServerOptionError,
} from './errors.ts';
export { IDENTITY_PATH, PROGRAM, type FlagServerIdentity } from './identity.ts';
export type { DelayRange, FlagRequest, FlagServerOptions } from './options.ts';
export { PRESETS } from './presets.ts';
export { startFlagServer, type FlagServer } from './server.ts';
