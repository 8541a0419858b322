/*
 * Runs a cell in a program of its own, so that a library that blocks or crashes its
 * program does no harm to the other cells. The program leads a process group, which is
 * killed when it has ended or its time is up.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { endGroup, signalGroup, trackGroup } from '../process-groups.mjs';
import { STARTED_VARIABLE } from './started.mjs';

const cellProgram = fileURLToPath(new URL('cell.mjs', import.meta.url));

/** What a cell may take, in milliseconds. Those that end take some hundred. */
export const LIMIT = 8_000;

/** A program that is blocked does not see that its time is up. */
const LIMIT_OF_BLOCKED = LIMIT + 1_500;

/** How long worker processes may take to end after their program. */
const ORPHAN_GRACE = 1_000;

/**
 * @param {import('./matrix.mjs').Cell} cell
 * @param {string} folder for what the cell leaves behind
 * @returns {Promise<import('./matrix.mjs').Row>}
 */
export async function runCell({ library, backend, failure, pool }, folder) {
  const startedFile = [library, backend, failure.name, pool].join('.');
  const child = spawn(
    process.execPath,
    [
      ...(failure.heap ? [`--max-old-space-size=${String(failure.heap)}`] : []),
      cellProgram,
      ...[library, backend, failure.name, pool, String(LIMIT)],
    ],
    {
      cwd: folder, // where core dumps go
      detached: true,
      env: { ...process.env, [STARTED_VARIABLE]: join(folder, startedFile) },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    },
  );
  const exited = once(child, 'exit');
  const closed = once(child, 'close');
  await once(child, 'spawn');
  const group = /** @type {number} */ (child.pid);
  trackGroup(group);
  const timer = setTimeout(signalGroup, LIMIT_OF_BLOCKED, group, 'SIGKILL');
  let told = '';
  child.stdio[3]?.on('data', (/** @type {Buffer} */ chunk) => {
    told += chunk.toString();
  });

  const [, signal] = await exited;
  clearTimeout(timer);
  const orphans = signal === null ? await orphansOf(group) : 0;
  endGroup(group);
  await closed;

  const row = { library, backend, failure: failure.name, pool };
  if (told === '') {
    return signal === 'SIGKILL'
      ? { ...row, verdict: 'hang', detail: 'the program is blocked' }
      : { ...row, verdict: 'wrong', detail: `the program dies: ${signal}` };
  }
  /** @type {import('./judge.mjs').Judgement} */
  const judgement = JSON.parse(told);
  if (judgement.verdict === 'right' && orphans > 0) {
    const detail = `${String(orphans)} worker processes outlive the program`;
    return { ...row, verdict: 'wrong', detail };
  }
  return { ...row, ...judgement };
}

/** How many processes of the group are still there after the grace. @param {number} group */
async function orphansOf(group) {
  for (let waited = 0; waited < ORPHAN_GRACE; waited += 20) {
    if (!signalGroup(group, 0)) return 0;
    await sleep(20);
  }
  // A process that has ended counts in the group until its parent has seen that, and
  // some containers have no parent that looks.
  const { stdout } = await promisify(execFile)('ps', [
    '-A',
    '-o',
    'pgid=,stat=',
  ]);
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([pgid, state]) => pgid === String(group) && !state?.startsWith('Z'),
    ).length;
}
