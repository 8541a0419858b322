import { openBare } from './bare-submitter.mjs';
import { openOurs } from './our-submitter.mjs';

/** @typedef {keyof typeof import('./functions.mjs')} FunctionName */

/**
 * What a measurement does with a contender.
 *
 * @typedef {object} Submitter
 * @property {(name: FunctionName, ...args: unknown[]) => PromiseLike<unknown>} run
 * @property {(name: FunctionName, calls: readonly (readonly unknown[])[]) => PromiseLike<unknown>[]} runAll
 * @property {(name: FunctionName, columns: readonly (readonly unknown[])[], chunkSize: number) => Promise<unknown[]>} [map]
 * @property {(name: FunctionName, calls: readonly (readonly unknown[])[]) => Promise<void>} [send]
 *   submits them, and hears no more of them
 */

/**
 * @param {import('./columns.mjs').Contender} contender
 * @param {string} socket of Redis
 */
export const openSubmitter = ({ kind, isUnpipelined = false }, socket) =>
  kind === 'executor' ? openOurs(socket) : openBare(socket, isUnpipelined);
