import { tmpdir } from 'node:os';
import type { ClientSettings } from '@concurrent-executors/flags-common';

/** Settings of a client that sets no limits and saves nothing. */
export function clientSettings(
  settings: Partial<ClientSettings> = {},
): ClientSettings {
  return {
    timeout: Infinity,
    connectTimeout: Infinity,
    stallTimeout: Infinity,
    maxBytes: Infinity,
    connections: 16,
    environmentProxies: false,
    partialFolder: tmpdir(),
    resume: false,
    trace: false,
    ...settings,
  };
}
