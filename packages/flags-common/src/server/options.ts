import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { FlagServerOptionError } from './errors.ts';
import type { FaultKind } from './fault-kinds.ts';
import { checkFaultRule, type FaultRule } from './fault-rule.ts';

/** The bounds, in seconds, between which every delay is drawn. */
export interface DelayRange {
  readonly min: number;
  readonly max: number;
}

/** One request that the server is done with. */
export interface FlagRequest {
  readonly method: string;
  /** Path of the URL, percent-encoded, without the query. */
  readonly path: string;
  /** The delay that was drawn for it, in seconds. */
  readonly delay: number;
  /** The kind of fault that was applied to it, or undefined if it was answered as it should be. */
  readonly fault: FaultKind | undefined;
  /**
   * HTTP status, or undefined if there was no complete answer: the client left before it
   * had it, or the fault was of that kind.
   */
  readonly status: number | undefined;
}

export interface FlagServerOptions {
  /** Name that the server tells at `IDENTITY_PATH`. Default: none. */
  readonly label?: string;
  /** Port to listen on; 0, the default, takes any free one. */
  readonly port?: number;
  /** Address to listen on. Default: 127.0.0.1, which only this machine reaches. */
  readonly host?: string;
  /**
   * A folder that has a folder `flags` in it: `/flags/cn/cn.gif` is answered with
   * `directory`/flags/cn/cn.gif, and nothing outside `directory`/flags is served.
   * Default: the 194 flags of this package.
   */
  readonly directory?: string;
  /** Delay before each answer, in seconds. Default: none. */
  readonly delay?: DelayRange;
  /**
   * The share of requests, 0 to 1, answered with status 418: short for a first rule
   * `{ kind: 'error', rate }` in `faults`. Default: 0.
   */
  readonly errorRate?: number;
  /**
   * Which requests fail, and how. At most one rule is applied to a request; each gets the
   * share of requests that its rate tells, as long as all rates together are at most 1.
   * Of rules that together have more, the later ones get what the earlier ones leave.
   * A path `/fault/…` has its own rule instead. Default: none.
   */
  readonly faults?: readonly FaultRule[];
  /** Makes delays and faults repeatable. Default: a random one, see `FlagServer.seed`. */
  readonly seed?: string;
  /** Whether the server lives inside another program, as told at `IDENTITY_PATH`. Default: false. */
  readonly embedded?: boolean;
  /** Called once for each request, but for those at `IDENTITY_PATH`, when it is done with. */
  readonly onRequest?: (request: FlagRequest) => void;
}

export interface FlagServerSettings {
  readonly label: string | null;
  readonly port: number;
  readonly host: string;
  readonly directory: string;
  readonly delay: DelayRange;
  readonly errorRate: number;
  /** Those of `faults`, after that of `errorRate`. */
  readonly rules: readonly FaultRule[];
  readonly seed: string;
  readonly embedded: boolean;
  readonly onRequest: (request: FlagRequest) => void;
}

/** The longest delay that a timer of Node.js can keep, about 24 days. */
const MAX_DELAY = 2_147_483;

/**
 * The options with their defaults.
 *
 * @throws {FlagServerOptionError} when one of them is out of its range
 */
export function resolveOptions(options: FlagServerOptions): FlagServerSettings {
  const {
    port = 0,
    errorRate = 0,
    faults = [],
    delay = { min: 0, max: 0 },
  } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new FlagServerOptionError(
      `port must be an integer from 0 to 65535, not ${String(port)}`,
    );
  }
  // Node.js would take an empty address for all addresses.
  if (options.host === '') {
    throw new FlagServerOptionError('host must be an address, not empty');
  }
  // Written so that NaN is refused too.
  if (!(errorRate >= 0 && errorRate <= 1)) {
    throw new FlagServerOptionError(
      `errorRate must be from 0 to 1, not ${String(errorRate)}`,
    );
  }
  if (!(delay.min >= 0 && delay.min <= delay.max && delay.max <= MAX_DELAY)) {
    throw new FlagServerOptionError(
      `delay must have 0 <= min <= max <= ${String(MAX_DELAY)} seconds, ` +
        `not min ${String(delay.min)} and max ${String(delay.max)}`,
    );
  }
  faults.forEach(checkFaultRule);
  return {
    label: options.label ?? null,
    port,
    host: options.host ?? '127.0.0.1',
    directory:
      options.directory ??
      fileURLToPath(new URL('../../data', import.meta.url)),
    delay: { min: delay.min, max: delay.max },
    errorRate,
    rules: [{ kind: 'error', rate: errorRate }, ...faults],
    seed: options.seed ?? randomBytes(4).toString('hex'),
    embedded: options.embedded ?? false,
    onRequest: options.onRequest ?? (() => undefined),
  };
}
