// npm run bench
import { benchProgram } from './command-line.mjs';
import { parseOrExit } from './command-line-options.mjs';

parseOrExit(benchProgram());
