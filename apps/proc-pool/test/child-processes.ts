import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The functions below read the list of processes from /proc. */
export const canListProcesses = existsSync('/proc/self/stat');

export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => statOf(pid)?.parent === parent);
}

/** A zombie does not run: it only waits for a parent that asks for its exit status. */
export function isRunning(pid: number): boolean {
  return !['Z', 'X', undefined].includes(statOf(pid)?.state);
}

/** Processor time that it has used, in hundredths of a second. */
export function processorTimeOf(pid: number): number {
  return statOf(pid)?.time ?? NaN;
}

function statOf(
  pid: number,
): { state: string; parent: number; time: number } | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  } catch {
    return undefined; // it ended
  }
  // "pid (name) state parent …", where the name may hold anything, parentheses too.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent] = fields;
  // Of the user's code, and of the system for it.
  const time = Number(fields[11]) + Number(fields[12]);
  return { state, parent: Number(parent), time };
}
