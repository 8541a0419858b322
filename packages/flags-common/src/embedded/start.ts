import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { EmbeddedMessage } from './messages.ts';

/** A flag server in a process of its own, which ends with this one at the latest. */
export interface EmbeddedServer {
  readonly port: number;
  /** Resolves when the process is gone. */
  stop(): Promise<void>;
}

/** The process is there and cannot serve. `code` is that of the server's error. */
export class EmbeddedServerError extends Error {
  override readonly name = 'EmbeddedServerError';
  readonly code: unknown;

  constructor(reason: string, code?: unknown) {
    super(reason);
    this.code = code;
  }
}

/**
 * Starts one of the three servers on this machine. In a process of its own, since
 * a server in this event loop would wait for the downloads and they for it.
 *
 * @param port 0 takes any free one
 * @throws {EmbeddedServerError} when it cannot serve, for example on a used port
 */
export async function startEmbeddedServer(
  label: string,
  port: number,
): Promise<EmbeddedServer> {
  const child = fork(
    fileURLToPath(new URL('./entry.js', import.meta.url)),
    [label, String(port)],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  );
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const stop = async (): Promise<void> => {
    if (child.connected) child.disconnect();
    await exited;
  };
  const message = await firstMessage(child);
  if (message.type === 'failed') {
    await stop();
    throw new EmbeddedServerError(message.reason, message.code);
  }
  return { port: message.port, stop };
}

function firstMessage(child: ChildProcess): Promise<EmbeddedMessage> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => {
      resolve(message as EmbeddedMessage); // entry.ts sends nothing else
    });
    child.once('error', reject);
    child.once('exit', (exitCode, signal) => {
      reject(
        new EmbeddedServerError(
          `its process ended (${signal ?? `exit code ${String(exitCode)}`})`,
        ),
      );
    });
  });
}
