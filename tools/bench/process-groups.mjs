/*
 * Programs that lead a process group of their own, so that all that they started can be
 * ended with them. Ctrl-C does not reach them: who starts one calls `endGroupsAtExit`.
 */
import { constants } from 'node:os';

/** The process groups that run now. @type {Set<number>} */
const groups = new Set();

/** @param {number} group the id of the program that leads it */
export function trackGroup(group) {
  groups.add(group);
}

/** Ends what is left of the group. @param {number} group */
export function endGroup(group) {
  signalGroup(group, 'SIGKILL');
  groups.delete(group);
}

/**
 * @param {number} group
 * @param {NodeJS.Signals | 0} signal
 * @returns {boolean} whether the group is there
 */
export function signalGroup(group, signal) {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

/** However this program ends, its groups end with it. */
export function endGroupsAtExit() {
  process.on('exit', () => {
    for (const group of groups) signalGroup(group, 'SIGKILL');
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
}
