// What proc-pool says that it took: node time-pool.mjs WORKERS [OPTION…]
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { poolProgram } from './pool-program.mjs';

const output = execFileSync(
  process.execPath,
  [fileURLToPath(poolProgram), ...process.argv.slice(2)],
  { encoding: 'utf8' },
);
const [, seconds] = /^Total time: ([\d.]+)s$/m.exec(output) ?? [];
if (seconds === undefined) throw new Error(`no total time in ${output}`);
console.log(JSON.stringify({ values: { s: Number(seconds) } }));
