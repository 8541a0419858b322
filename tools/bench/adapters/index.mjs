import { executor } from './executor.mjs';
import { jestWorker } from './jest-worker.mjs';
import { piscina } from './piscina.mjs';
import { poolifier } from './poolifier.mjs';
import { tinypool } from './tinypool.mjs';
import { workerpool } from './workerpool.mjs';

export const adapters = [
  executor,
  piscina,
  tinypool,
  workerpool,
  poolifier,
  jestWorker,
];
