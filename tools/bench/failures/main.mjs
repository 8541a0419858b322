import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { executorModule } from '../adapters/executor.mjs';
import { fail } from '../command-line-options.mjs';
import { endGroupsAtExit } from '../process-groups.mjs';
import { requireBuilt } from '../require-built.mjs';
import { readOptions } from './command-line.mjs';
import { documentOf } from './document.mjs';
import { cellsOf } from './matrix.mjs';
import { runCell } from './run-cell.mjs';
import { gridText } from './terminal.mjs';

const OURS = 'executor';
const EXIT_NOT_RIGHT = 1;

/** How many cells run at a time. */
const LANES = 2;

/**
 * After this many milliseconds a cell most likely waits for what will not come, and the
 * next one starts beside it.
 */
const PATIENCE = 1_500;

const options = readOptions();
const cells = cellsOf(options.library, options.failure);
if (cells.length === 0) {
  fail(
    `nothing to run: ${options.failure.join(', ')} needs worker processes, and ${options.library.join(', ')} has none`,
  );
}
requireBuilt(executorModule, OURS);

const folder = mkdtempSync(join(tmpdir(), 'failures-'));
endGroupsAtExit();
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});

const rows = await run(cells);
if (options.json !== undefined) {
  writeFileSync(options.json, `${JSON.stringify(rows, null, 2)}\n`);
}
if (options.markdown !== undefined) {
  writeFileSync(options.markdown, documentOf(rows));
}
console.log(gridText(rows, process.stdout.hasColors?.() ?? false));
const notRight = rows.filter(
  ({ library, verdict }) => library === OURS && verdict !== 'right',
);
if (notRight.length > 0) {
  console.log(`\nNot right in ${OURS}:`);
  for (const row of notRight) console.log(`  ${tell(row)}`);
}
process.exitCode = notRight.length > 0 ? EXIT_NOT_RIGHT : 0;

/**
 * Runs the cells, some at a time, and tells of each that is done.
 * @param {readonly import('./matrix.mjs').Cell[]} cells
 */
async function run(cells) {
  const rows = /** @type {import('./matrix.mjs').Row[]} */ ([]);
  const rest = cells.entries();
  let done = 0;
  const runOne = async (
    /** @type {[number, import('./matrix.mjs').Cell]} */ [index, cell],
  ) => {
    const row = await runCell(cell, folder);
    rows[index] = row;
    done += 1;
    console.error(`${String(done)}/${String(cells.length)} ${tell(row)}`);
  };
  const lane = async () => {
    const running = [];
    for (const entry of rest) {
      const one = runOne(entry);
      running.push(one);
      await Promise.race([
        one,
        setTimeout(PATIENCE, undefined, { ref: false }),
      ]);
    }
    await Promise.all(running);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return rows;
}

/** @param {import('./matrix.mjs').Row} row */
function tell({ library, backend, failure, pool, verdict, detail }) {
  return `${library} ${backend}, ${failure}, ${pool}: ${verdict}, ${detail}`;
}
