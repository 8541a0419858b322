import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Where tasks wait until the test lets them go on, one by one in any order, in
 * whatever worker they run. A task that waits is a connection; when its worker
 * dies the connection ends.
 */
export class Gate {
  /** @type {Map<number, import('node:net').Socket>} */
  #held = new Map();
  #server;

  /**
   * @param {string} path of the socket
   * @param {object} events
   * @param {(job: number) => void} events.arrived
   * @param {() => void} events.left a task that waited is gone with its worker
   */
  constructor(path, { arrived, left }) {
    this.path = path;
    this.#server = createServer((socket) => {
      let text = '';
      let job = 0;
      socket.setEncoding('utf8');
      socket.on('data', (/** @type {string} */ part) => {
        text += part;
        if (!text.endsWith('\n')) return;
        job = Number(text);
        this.#held.set(job, socket);
        arrived(job);
      });
      socket.on('error', () => undefined); // its worker was killed
      socket.on('close', () => {
        if (this.#held.delete(job)) left();
      });
    });
  }

  /** The numbers of the tasks that wait, in order. */
  get held() {
    return [...this.#held.keys()].sort((a, b) => a - b);
  }

  /** @param {number} job */
  holds(job) {
    return this.#held.has(job);
  }

  /** @param {number} job one that waits */
  release(job) {
    this.#held.get(job)?.end();
    this.#held.delete(job);
  }

  async open() {
    this.#server.listen(this.path);
    await once(this.#server, 'listening');
  }

  async close() {
    for (const socket of this.#held.values()) socket.destroy();
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }
}
