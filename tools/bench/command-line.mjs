/* One subcommand for each suite of measurements. */
import { Command } from 'commander';
import { addBullmqCommand } from './bullmq/command-line.mjs';
import { runSuite as runBullmq } from './bullmq/suite.mjs';
import { addDownloadsCommand } from './downloads/command-line.mjs';
import { runSuite as runDownloads } from './downloads/suite.mjs';
import { addExecutorCommand } from './executor/command-line.mjs';
import { runSuite as runExecutor } from './executor/suite.mjs';
import { addPrimesCommand } from './primes/command-line.mjs';
import { runSuite as runPrimes } from './primes/suite.mjs';

/** What reads the command line, and then runs what it says. */
export function benchProgram() {
  const program = new Command('npm run bench --')
    .description('Measures this library and others, side by side.')
    .exitOverride();
  addExecutorCommand(program, runExecutor);
  addDownloadsCommand(program, runDownloads);
  addPrimesCommand(program, runPrimes);
  addBullmqCommand(program, runBullmq);
  program
    .usage('<suite> [options]')
    .argument('[suite]')
    .action((/** @type {string | undefined} */ suite) => {
      const what =
        suite === undefined
          ? 'a suite must be named'
          : `there is no suite ${suite}`;
      program.error(`error: ${what}; try npm run bench -- executor --quick`);
    });
  return program;
}
