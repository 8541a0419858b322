import { setImmediate } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Deadline } from './deadline.ts';
import {
  DownloadContentError,
  DownloadNetworkError,
  DownloadTimeoutError,
  HttpStatusError,
} from './errors.ts';
import { parseJson } from './json.ts';
import { followRedirects } from './redirects.ts';

/** Above any flag; a server that never stops sending ends here, not in memory. */
const MAX_BYTES = 10 * 1024 * 1024;

/** Reading more of an error page costs more than a new connection. */
const MAX_DUMPED_BYTES = 128 * 1024;

const HEADERS = { 'user-agent': 'concurrent-executors' };

function connect() {
  const agent = new Agent({
    pipelining: 1,
    maxResponseSize: MAX_BYTES,
    // The deadline of the download is the one clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return { agent, dispatcher: followRedirects(agent) };
}

// One pool of connections a thread, so that connections are used again.
let connections = connect();

/** Breaks every connection of this thread: what is in flight fails at once. */
export async function abortDownloads(): Promise<void> {
  const { agent } = connections;
  connections = connect();
  await agent.destroy();
}

/**
 * undici frees a connection one turn of the event loop after the answer. Whoever
 * asks before that gets a new one: N downloads at once would open up to 2N.
 */
const connectionFree: () => Promise<void> = setImmediate;

/** A complete answer with a status from 200 to 299. */
export interface Answer {
  readonly contentType: string;
  readonly body: Buffer;
}

/**
 * GETs a URL, redirects followed.
 *
 * @throws {HttpStatusError} for a status outside 200 to 299
 * @throws {DownloadTimeoutError} when the deadline passes first
 * @throws {DownloadNetworkError} when there is no complete answer
 * @throws {DownloadContentError} when the answer is larger than 10 MB
 */
export async function get(url: string, deadline: Deadline): Promise<Answer> {
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher: connections.dispatcher,
      headers: HEADERS,
      signal: deadline.signal,
    });
    if (statusCode < 200 || statusCode > 299) {
      // An unread body would keep its connection from being used again. The
      // status is the answer, whether or not the rest of it arrives.
      await body
        .dump({ limit: MAX_DUMPED_BYTES, signal: deadline.signal })
        .catch(() => undefined);
      await connectionFree();
      throw new HttpStatusError(statusCode, url);
    }
    const bytes = await body.arrayBuffer();
    await connectionFree();
    return {
      contentType: String(headers['content-type'] ?? 'unknown'),
      body: Buffer.from(bytes),
    };
  } catch (error) {
    if (error instanceof HttpStatusError) throw error;
    if (deadline.signal.aborted) {
      throw new DownloadTimeoutError(deadline.timeout, url);
    }
    // What undici and Node.js report has a code; anything else is a bug.
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw error.code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE'
      ? new DownloadContentError('the answer is larger than 10 MB', url)
      : new DownloadNetworkError(error, url);
  }
}

/** The picture of one flag. Throws as {@link get}, and when it is not a GIF. */
export async function getFlag(
  baseUrl: string,
  cc: string,
  deadline: Deadline,
): Promise<Buffer> {
  const code = cc.toLowerCase();
  const url = `${baseUrl}/${code}/${code}.gif`;
  const { body, contentType } = await get(url, deadline);
  if (!/^GIF8[79]a/.test(body.toString('latin1', 0, 6))) {
    throw new DownloadContentError(
      `not a GIF picture (content-type ${contentType})`,
      url,
    );
  }
  return body;
}

/** The country's name in its metadata. Throws as {@link get}, and when there is none. */
export async function getCountryName(
  baseUrl: string,
  cc: string,
  deadline: Deadline,
): Promise<string> {
  const url = `${baseUrl}/${cc.toLowerCase()}/metadata.json`;
  const { body } = await get(url, deadline);
  const country = parseJson(body)?.['country'];
  if (typeof country !== 'string' || country.trim() === '') {
    throw new DownloadContentError('metadata without a country name', url);
  }
  return country;
}
