/* What the files in this folder export. */

/**
 * @typedef {object} InstalledProgram
 * @property {string} version
 * @property {(question: Question) => string[]} command it prints its values, as
 *   ../../run-program.mjs wants them: `ns`, the median time of the processor for an integer, and `check`, the
 *   sum of the answers to the first thousand modulo 2^32
 */

/**
 * @typedef {object} Question
 * @property {import('../cases.mjs').Kind} kind
 * @property {string} file an integer a line
 * @property {number} passes how often the whole file is measured, after once without
 */

/**
 * @typedef {object} Program
 * @property {string} name
 * @property {string} usage for the document: how it is used
 * @property {readonly import('../cases.mjs').Kind[]} kinds what it can be asked
 * @property {(folder: string) => InstalledProgram | undefined} find none if it is not
 *   installed; what it compiles goes into the folder
 */

export {};
