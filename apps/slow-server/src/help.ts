import { FAULTS } from '@concurrent-executors/flags-common/server';

const COLUMN = 18;

const FAULT_LINES = Object.entries(FAULTS).flatMap(
  ([kind, { summary, parameters }]) => [
    `  ${kind.padEnd(COLUMN - 2)}${summary}`,
    ...Object.entries(parameters).map(
      ([name, { meaning, byDefault }]) =>
        `${' '.repeat(COLUMN)}${name}: ${meaning} (default: ${String(byDefault)})`,
    ),
  ],
);

export const HELP_FOOTER = `
Servers:
  LOCAL   http://localhost:8000/flags, answers at once
  DELAY   http://localhost:8001/flags, delays each answer by 0.5 to 5 seconds
  ERROR   http://localhost:8002/flags, as DELAY, and a quarter are errors
  FLAGS_LOCAL_PORT, FLAGS_DELAY_PORT and FLAGS_ERROR_PORT change the ports.
  An option holds for every server that is started.

Faults: KIND[:RATE[:VALUE]][:NAME=VALUE]...
  Examples: reset:0.1, drip:1:500, unavailable:retryAfter=2:times=1.
  RATE is the share of requests, 0 to 1 (default: 1); VALUE is for the first NAME
  of the kind. times=N holds for the first N requests for each path only.
  Of several faults at most one is applied to a request.
  http://localhost:8000/fault/FAULT/flags has that fault, whatever the options,
  and http://localhost:8000/fault/none/flags has none.

${FAULT_LINES.join('\n')}

Ctrl-C stops the servers: files being sent may still arrive; a second one ends at once.
Exit status: 1 a server could not be started, 2 wrong arguments, 130 interrupted,
143 terminated.`;
