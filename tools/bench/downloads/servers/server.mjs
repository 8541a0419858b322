/* What starts a server gives this. */

/**
 * @typedef {object} Server
 * @property {string} url without a slash at its end
 * @property {() => Promise<void>} stop
 */

export {};
