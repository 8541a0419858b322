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
export { FAULT_KINDS, FAULTS, type FaultKind } from './fault-kinds.ts';
export type { FaultParameters, FaultRule } from './fault-rule.ts';
export { formatFault, parseFault } from './fault-text.ts';
export { IDENTITY_PATH, PROGRAM, type FlagServerIdentity } from './identity.ts';
export type { DelayRange, FlagRequest, FlagServerOptions } from './options.ts';
export { PRESETS } from './presets.ts';
export { startFlagServer, type FlagServer } from './server.ts';
