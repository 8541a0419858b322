/** The labels of the four sites, in the order in which messages list them. */
export const SERVER_LABELS = ['DELAY', 'ERROR', 'LOCAL', 'REMOTE'] as const;

export type ServerLabel = (typeof SERVER_LABELS)[number];

/** Where the flags of a label are found. */
export interface ServerSite {
  readonly label: ServerLabel;
  /** Base URL, without a slash at its end. */
  readonly url: string;
  /** Port on this machine, absent for REMOTE. 0 stands for any free port, which `url` cannot know. */
  readonly port?: number;
}

/** An environment variable holds something that is not a port. */
export class ServerPortError extends RangeError {
  override readonly name = 'ServerPortError';
  readonly code = 'FLAGS_PORT';
}

const REMOTE_URL = 'https://www.fluentpython.com/data/flags';

const LOCAL_PORTS = {
  DELAY: { variable: 'FLAGS_DELAY_PORT', standard: 8001 },
  ERROR: { variable: 'FLAGS_ERROR_PORT', standard: 8002 },
  LOCAL: { variable: 'FLAGS_LOCAL_PORT', standard: 8000 },
} as const;

/**
 * The site of a label. `FLAGS_LOCAL_PORT`, `FLAGS_DELAY_PORT` and `FLAGS_ERROR_PORT` move
 * the three sites on this machine away from the ports 8000, 8001 and 8002; an empty
 * variable counts as absent.
 *
 * @throws {ServerPortError} when the variable of the label is not an integer from 0 to 65535
 */
export function serverSite(
  label: ServerLabel,
  env: NodeJS.ProcessEnv = process.env,
): ServerSite {
  if (label === 'REMOTE') return { label, url: REMOTE_URL };
  const { variable, standard } = LOCAL_PORTS[label];
  const text = env[variable] ?? '';
  const port = text === '' ? standard : parsePort(variable, text);
  return { label, url: `http://localhost:${String(port)}/flags`, port };
}

function parsePort(variable: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (port <= 65535) return port;
  throw new ServerPortError(
    `${variable} must be an integer from 0 to 65535, not ${JSON.stringify(text)}`,
  );
}
