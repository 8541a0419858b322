import { commandLineTools } from './command-line-tools.mjs';
import { javascriptClients } from './javascript.mjs';
import { programs } from './programs.mjs';
import { pythonClients } from './python.mjs';

/** All that are compared, installed or not. */
export const clients = [
  ...programs,
  ...commandLineTools,
  ...pythonClients,
  ...javascriptClients,
];
