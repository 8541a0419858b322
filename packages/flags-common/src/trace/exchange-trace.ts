/**
 * How long each phase of an exchange took, in milliseconds. -1 where it did not
 * take place, as HAR has it: a connection that was used again needs no `connect`.
 */
export interface ExchangePhases {
  /** Waiting for a connection that is free. */
  readonly blocked: number;
  /** Looking up the name of the host. */
  readonly dns: number;
  /** Opening the connection, `dns` not included, `tls` included. */
  readonly connect: number;
  /** The TLS handshake. */
  readonly tls: number;
  /** Sending the request. */
  readonly send: number;
  /** From then on to the first byte of the answer. */
  readonly wait: number;
  /** From the first byte to the last. */
  readonly receive: number;
}

export type Headers = readonly (readonly [name: string, value: string])[];

/**
 * One HTTP request and what came back, for the files of a run. Plain
 * data: it comes from the workers.
 */
export interface ExchangeTrace {
  /** Without user name and password. */
  readonly url: string;
  /** What the user knows the download by: a country code or a file name. */
  readonly label: string;
  /** Counts the attempts of one download, from 1 on. A redirect is no new attempt. */
  readonly attempt: number;
  /** When the exchange was asked for, in milliseconds since 1970, with fractions. */
  readonly startedAt: number;
  readonly phases: ExchangePhases;
  /** Without credentials. */
  readonly requestHeaders: Headers;
  /** 0 if there was no answer. */
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: 'HTTP/1.1' | 'HTTP/2';
  readonly responseHeaders: Headers;
  /** Bytes of the body that came. */
  readonly bodyBytes: number;
  /** Where the answer leads, for a redirect. */
  readonly redirectUrl: string | undefined;
  /** Address of the server, if there was a connection. */
  readonly serverAddress: string | undefined;
  /** Tells connections apart, if there was one. */
  readonly connection: string | undefined;
  /** Which worker had the exchange: `main`, `thread 1`, … */
  readonly worker: string;
  /** What went wrong, in one line; undefined after a complete answer, whatever its status. */
  readonly error: string | undefined;
}
