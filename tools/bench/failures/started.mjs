/**
 * The environment variable with the path of the file that an endless task writes when it
 * starts. A file is the one signal that works in all libraries and in a blocked worker.
 */
export const STARTED_VARIABLE = 'FAILURES_STARTED_FILE';
