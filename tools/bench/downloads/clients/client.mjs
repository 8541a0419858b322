/* What the files in this folder export. */

/**
 * @typedef {object} Download
 * @property {string} list a file with a URL a line
 * @property {string} curlConfig the same for curl, which before 8.13 cannot read that
 * @property {string} folder where the files go
 * @property {number} concurrency how many are downloaded at a time
 */

/**
 * @typedef {object} InstalledClient
 * @property {string} version
 * @property {(download: Download) => string[]} command
 */

/**
 * @typedef {object} Client
 * @property {string} name
 * @property {string} usage for the document: how it is used
 * @property {() => InstalledClient | undefined} find none if it is not installed
 */

export {};
