// node measure.mjs CONTENDER WORKERS KIND PARAMETERS FOLDER
//
// Makes one measurement with a Redis and workers of its own, and prints its values as a line
// of JSON: {"values": {…}}, or {"error": "…"}. This program is the submitter. Run by
// run-measurement.mjs, as the leader of a process group of its own.
import { writeSync } from 'node:fs';
import { contenders } from './columns.mjs';
import { measurements } from './measurements.mjs';
import { startRedis } from './redis.mjs';
import { openSubmitter } from './submitter.mjs';
import { startWorker } from './worker-process.mjs';

const STDOUT = 1;

const [name, count = '', kind = '', parameters = '', folder = ''] =
  process.argv.slice(2);
const contender = contenders.find((one) => one.name === name);
const measure = measurements[kind];
if (!contender || !measure) {
  throw new Error('run-measurement.mjs runs this, with arguments that fit');
}

/** @param {object} outcome @returns {never} */
function tell(outcome) {
  writeSync(STDOUT, `${JSON.stringify(outcome)}\n`);
  // Who runs this ends all that is left: Redis, and what failed.
  process.exit();
}

const tellError = (/** @type {unknown} */ error) =>
  tell({ error: error instanceof Error ? error.message : String(error) });

process.on('uncaughtException', tellError);
try {
  const redis = await startRedis(folder);
  const workers = await Promise.all(
    Array.from({ length: Number(count) }, () =>
      startWorker(contender, redis.socket),
    ),
  );
  const submitter = await openSubmitter(contender, redis.socket);
  const subject = { contender, submitter, workers, redis };
  const values = await measure(subject, JSON.parse(parameters));
  // At their own end they write their profiles, if they are to.
  await Promise.all(workers.map((worker) => worker.close()));
  tell({ values });
} catch (error) {
  tellError(error);
}
