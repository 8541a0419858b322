// CommonJS: as an ES module it is loaded after the first messages of the pool have come,
// and misses them.
const process = require('node:process');
const { fileURLToPath } = require('node:url');
const { ClusterWorker } = require('poolifier');

const tasks = require(fileURLToPath(process.argv[2] ?? ''));
module.exports = new ClusterWorker({ ...tasks });
