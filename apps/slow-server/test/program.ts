import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** The built program as a process. */
export class Program implements AsyncDisposable {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #closed: Promise<unknown[]>;

  /**
   * Unless `env` says otherwise, its servers take free ports.
   *
   * @param cwd the folder to start in
   * @param command the program, if it is not the built one of this folder
   */
  constructor(
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
    cwd = process.cwd(),
    command = main,
  ) {
    this.child = spawn(process.execPath, [command, ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        FLAGS_LOCAL_PORT: '0',
        FLAGS_DELAY_PORT: '0',
        FLAGS_ERROR_PORT: '0',
        ...env,
      },
    });
    this.#closed = once(this.child, 'close');
    this.child.stdout?.on('data', (text) => (this.stdout += String(text)));
    this.child.stderr?.on('data', (text) => (this.stderr += String(text)));
  }

  /** Resolves with all that was printed once it matches; rejects if the program ends before. */
  async printed(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.stdout)) {
      const ended = await Promise.race([
        this.#closed,
        this.child.stdout && once(this.child.stdout, 'data').then(() => null),
      ]);
      if (ended !== null && !pattern.test(this.stdout)) {
        throw new Error(`ended without printing ${String(pattern)}`);
      }
    }
    return this.stdout;
  }

  /** The URL of a server's flags, once all servers listen. */
  async url(label: string): Promise<string> {
    const line = new RegExp(`^${label}  (http://\\S+/flags)  .*\\n`, 'm');
    await this.printed(line);
    return line.exec(this.stdout)?.[1] ?? '';
  }

  /** Resolves with the exit status, or with the signal that ended the program. */
  async status(): Promise<unknown> {
    const [code, signal] = await this.#closed;
    return code ?? signal;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.#closed;
  }
}
