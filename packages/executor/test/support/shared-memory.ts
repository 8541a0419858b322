import { setEnvironmentData } from 'node:worker_threads';

/** Where words of shared memory lie. Tasks get this and find the memory in their environment. */
export type Words = readonly [byteOffset: number, length: number];

const memory = new SharedArrayBuffer(2 ** 20);
setEnvironmentData('test memory', memory);

let used = 0;

/** Words that this program and its worker threads share; all are 0. */
export function shared(length: number): Int32Array {
  const words = new Int32Array(memory, used, length);
  used += words.byteLength;
  return words;
}

/** What a task gets. */
export function ref({ byteOffset, length }: Int32Array): Words {
  return [byteOffset, length];
}
