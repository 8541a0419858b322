/** An option of `startFlagServer` has a value that makes no sense. */
export class FlagServerOptionError extends RangeError {
  override readonly name = 'FlagServerOptionError';
  readonly code = 'FLAGS_SERVER_OPTION';
}

/** The folder to serve cannot be used. */
export class FlagServerDirectoryError extends Error {
  override readonly name = 'FlagServerDirectoryError';
  readonly code = 'FLAGS_SERVER_DIRECTORY';
}

/** The server cannot listen where it was told to. `cause` is the error of the system. */
export class FlagServerListenError extends Error {
  override readonly name = 'FlagServerListenError';
  readonly code: 'FLAGS_SERVER_PORT_IN_USE' | 'FLAGS_SERVER_LISTEN';

  constructor(cause: NodeJS.ErrnoException, host: string, port: number) {
    const inUse = cause.code === 'EADDRINUSE';
    super(
      inUse
        ? `port ${String(port)} on ${host} is in use: stop the program that listens there, or choose another port`
        : `cannot listen on port ${String(port)} of ${host} (${cause.code ?? cause.message}): choose another port or address`,
      { cause },
    );
    this.code = inUse ? 'FLAGS_SERVER_PORT_IN_USE' : 'FLAGS_SERVER_LISTEN';
  }
}
