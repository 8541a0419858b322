import { writeSync } from 'node:fs';

/**
 * Prints a line with the local time before it. It writes to the file descriptor: what a
 * worker thread gives to console.log is printed by the main thread's event loop, later
 * than lines of the main thread that were written after it. So the order of the lines is
 * the order of events.
 *
 * If nobody reads the output any more, the operating system sends SIGPIPE, at which the
 * program ends. An error would only end the task, while the main thread may wait for
 * another one.
 */
export function display(text: string): void {
  const time = new Date().toTimeString().slice(0, 'HH:MM:SS'.length);
  try {
    writeSync(1, `[${time}] ${text}\n`);
  } catch (error) {
    const isClosed =
      error instanceof Error && 'code' in error && error.code === 'EPIPE';
    if (!isClosed) throw error;
  }
}
