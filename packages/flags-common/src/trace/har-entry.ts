import { isIP } from 'node:net';
import type {
  ExchangePhases,
  ExchangeTrace,
  Headers,
} from './exchange-trace.ts';
import { withoutCredentials, withoutUserInfo } from './redaction.ts';

/** HAR and its readers want -1 for a size that is not known. */
const UNKNOWN = -1;

/**
 * The entry of a HAR 1.2 file about one exchange, without credentials. Names that
 * begin with an underscore are not of HAR; files of Chromium have `_error`, too.
 */
export function harEntry(trace: ExchangeTrace): object {
  const url = withoutUserInfo(trace.url);
  const timings = harTimings(trace.phases);
  return {
    startedDateTime: new Date(trace.startedAt).toISOString(),
    time: totalTime(timings),
    request: {
      method: 'GET',
      url,
      httpVersion: trace.httpVersion,
      cookies: [],
      headers: harHeaders(trace.requestHeaders),
      queryString: query(url),
      headersSize: UNKNOWN,
      bodySize: 0,
    },
    response: {
      status: trace.status,
      statusText: trace.statusText,
      httpVersion: trace.httpVersion,
      cookies: [],
      headers: harHeaders(trace.responseHeaders),
      content: {
        size: trace.bodyBytes,
        mimeType: header(trace.responseHeaders, 'content-type') ?? 'x-unknown',
      },
      redirectURL: withoutUserInfo(trace.redirectUrl ?? ''),
      headersSize: UNKNOWN,
      bodySize: trace.bodyBytes,
      _error:
        trace.error === undefined ? undefined : withoutUserInfo(trace.error),
    },
    cache: {},
    timings,
    serverIPAddress: ipAddress(trace.serverAddress),
    connection: trace.connection,
    _label: trace.label,
    _attempt: trace.attempt,
    _worker: trace.worker,
  };
}

/** HAR takes -1 for the optional phases, but not for send, wait and receive. */
function harTimings(phases: ExchangePhases) {
  return {
    blocked: milliseconds(phases.blocked),
    dns: milliseconds(phases.dns),
    connect: milliseconds(phases.connect),
    ssl: milliseconds(phases.tls),
    send: milliseconds(Math.max(phases.send, 0)),
    wait: milliseconds(Math.max(phases.wait, 0)),
    receive: milliseconds(Math.max(phases.receive, 0)),
  };
}

/** `ssl` is not added: it is inside of `connect`. */
function totalTime(timings: ReturnType<typeof harTimings>): number {
  const { blocked, dns, connect, send, wait, receive } = timings;
  return milliseconds(
    [blocked, dns, connect, send, wait, receive]
      .filter((time) => time > 0)
      .reduce((sum, time) => sum + time, 0),
  );
}

/** To the microsecond: more digits say nothing and make the file larger. */
function milliseconds(time: number): number {
  return Math.round(time * 1000) / 1000;
}

function harHeaders(headers: Headers) {
  return withoutCredentials(headers).map(([name, value]) => ({ name, value }));
}

function header(headers: Headers, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

function query(url: string) {
  if (!URL.canParse(url)) return [];
  return Array.from(new URL(url).searchParams, ([name, value]) => ({
    name,
    value,
  }));
}

/** Without the zone of an IPv6 address, which HAR does not know. */
function ipAddress(address = ''): string | undefined {
  const [withoutZone = ''] = address.split('%');
  return isIP(withoutZone) === 0 ? undefined : withoutZone;
}
