import type { ErrorCode } from '../errors.ts';
import type { ExchangeTrace } from '../trace/exchange-trace.ts';

// An exchange is one HTTP request and its answer. It is what a worker does; what
// follows from it (a retry, a redirect, a line in the manifest) is decided where
// all downloads of a run are known. Everything here is plain data, since it goes
// to workers and comes back.

/** What a server tells to recognise one version of a file by. */
export interface Validators {
  /** Value of the header `ETag`. */
  readonly etag?: string | undefined;
  /** Value of the header `Last-Modified`. */
  readonly lastModified?: string | undefined;
}

export interface ExchangeRequest {
  /** `http:` or `https:`, without user name and password: it is shown and recorded. */
  readonly url: string;
  /** `name:password` for the server. */
  readonly credentials?: string | undefined;
  /** What the user knows the download by. */
  readonly label: string;
  /** Counts the attempts of one download, from 1 on. */
  readonly attempt: number;
  /** What is left of the limit for the whole attempt, in milliseconds; Infinity is none. */
  readonly timeLeft: number;
  /** Absolute path of the file to save. Without it the body comes back in the result. */
  readonly path?: string | undefined;
  /** What the body must be. Default: anything. */
  readonly expected?: 'GIF' | undefined;
  /** Algorithm and hexadecimal digest that the body must have: `sha256:9f86…`. */
  readonly checksum?: string | undefined;
  /** Asks for the file only if it is no longer this version. */
  readonly unless?: Validators | undefined;
}

export type ExchangeResult = ExchangeEnd & {
  /** There if the client was told to trace. */
  readonly trace?: ExchangeTrace | undefined;
};

type ExchangeEnd =
  | Saved
  | Body
  /** The file is still the version that the request named. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'redirect'; readonly location: string }
  | Failed;

/** The body is in its file, whole. */
interface Saved extends Validators {
  readonly kind: 'saved';
  /** Size of the file. */
  readonly bytes: number;
  /** How many of them an earlier run had left. */
  readonly resumed: number;
}

/** The body of a request without a path. */
interface Body {
  readonly kind: 'body';
  readonly body: Uint8Array;
}

export interface Failed {
  readonly kind: 'failed';
  readonly code: ErrorCode;
  /** One line for the user, with the URL. */
  readonly message: string;
  /** HTTP status, if there was one. */
  readonly status?: number | undefined;
  /** How long the server asks to wait, in milliseconds. */
  readonly retryAfter?: number | undefined;
  /** Whether nobody listens there. */
  readonly refused?: boolean | undefined;
  /** Whether the same connection would fail again: no such host, a bad certificate. */
  readonly permanent?: boolean | undefined;
}

/** How a client behaves; the same for all exchanges of a run. */
export interface ClientSettings {
  /** Limit for one attempt, redirects included, in milliseconds; Infinity is none. */
  readonly timeout: number;
  /** Limit for getting a connection, in milliseconds. */
  readonly connectTimeout: number;
  /** Limit for the time without any byte of the answer, in milliseconds. */
  readonly stallTimeout: number;
  /** Limit for a body; Infinity is none. */
  readonly maxBytes: number;
  /** Connections of this client to one origin, at most. */
  readonly connections: number;
  /** Whether proxies named in the environment are used. */
  readonly environmentProxies: boolean;
  /** The proxy to use instead. */
  readonly proxy?: string | undefined;
  /** Absolute path of the folder for unfinished files, on the file system of the finished ones. */
  readonly partialFolder: string;
  /** Whether what came of a large file is kept when the rest fails, and continued later. */
  readonly resume: boolean;
  /** Whether results tell how long each phase took. */
  readonly trace: boolean;
}
