/** One number that a fault can be given. All are integers. */
interface FaultParameter {
  readonly meaning: string;
  readonly min: number;
  readonly max: number;
  /** In words if it is no number. */
  readonly byDefault: number | string;
}

interface FaultDescription {
  readonly summary: string;
  /** The first one can be written without its name. */
  readonly parameters: Readonly<Record<string, FaultParameter>>;
}

/** Larger than any real file, and still exact as a number. */
const MAX_BYTES = 2 ** 50;

const BYTES_BEFORE: FaultParameter = {
  meaning: 'how many bytes come first, at most all but one',
  min: 0,
  max: MAX_BYTES,
  byDefault: 'half',
};

const RETRY_LATER = {
  retryAfter: {
    meaning: 'seconds in Retry-After',
    min: 0,
    max: 1_000_000,
    byDefault: 1,
  },
  retryAfterDate: {
    meaning: 'the same, told as an HTTP date',
    min: 0,
    max: 1_000_000,
    byDefault: 'none',
  },
} as const satisfies FaultDescription['parameters'];

const HOPS = {
  meaning: 'redirects on the way to the file',
  min: 1,
  max: 1_000_000,
} as const;

/** What each kind of fault does, and which parameters it takes. */
export const FAULTS = {
  error: {
    summary: 'an error status in place of the file',
    parameters: {
      status: { meaning: 'HTTP status', min: 400, max: 599, byDefault: 418 },
    },
  },
  'too-many': {
    summary: 'status 429 with Retry-After',
    parameters: RETRY_LATER,
  },
  unavailable: {
    summary: 'status 503 with Retry-After',
    parameters: RETRY_LATER,
  },
  redirect: {
    summary: 'a chain of redirects that ends at the file',
    parameters: { hops: { ...HOPS, byDefault: 3 } },
  },
  'redirect-origin': {
    summary: 'the same, between two ports of the server',
    parameters: { hops: { ...HOPS, byDefault: 1 } },
  },
  'redirect-loop': {
    summary: 'a redirect to a page that redirects to itself',
    parameters: {},
  },
  'wrong-type': {
    summary: 'status 200 and an HTML page in place of the file',
    parameters: {},
  },
  reset: {
    summary: 'the connection is reset before any answer',
    parameters: {},
  },
  stall: {
    summary: 'no answer, and the connection stays open',
    parameters: {},
  },
  garbage: {
    summary: 'bytes that are not HTTP, then the connection ends',
    parameters: {},
  },
  'reset-body': {
    summary: 'the connection is reset in the middle of the body',
    parameters: { bytes: BYTES_BEFORE },
  },
  'stall-body': {
    summary: 'the body stops in the middle, and the connection stays open',
    parameters: { bytes: BYTES_BEFORE },
  },
  truncate: {
    summary: 'the connection ends in the middle of the body',
    parameters: { bytes: BYTES_BEFORE },
  },
  drip: {
    summary: 'the body comes slowly, in small pieces',
    parameters: {
      bytesPerSecond: {
        meaning: 'speed of the body',
        min: 1,
        max: 10_000_000,
        byDefault: 1000,
      },
    },
  },
  oversize: {
    summary: 'zero bytes follow the file, with no Content-Length',
    parameters: {
      bytes: {
        meaning: 'how many come in all',
        min: 0,
        max: MAX_BYTES,
        byDefault: 'no end',
      },
    },
  },
  'wrong-length': {
    summary: 'Content-Length tells more bytes than come',
    parameters: {
      difference: {
        meaning: 'bytes told less bytes that come; can be below 0',
        min: -MAX_BYTES,
        max: MAX_BYTES,
        byDefault: 1,
      },
    },
  },
} as const satisfies Readonly<Record<string, FaultDescription>>;

/** The name of a kind of fault. */
export type FaultKind = keyof typeof FAULTS;

/** The names of all kinds of faults. */
export const FAULT_KINDS = Object.keys(FAULTS) as readonly FaultKind[]; // typed as strings
