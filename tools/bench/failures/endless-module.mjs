// Its import never ends, as when a module waits for a server that never answers.
import { writeFileSync } from 'node:fs';
import { STARTED_VARIABLE } from './started.mjs';

writeFileSync(process.env[STARTED_VARIABLE] ?? '', '');
await new Promise(() => {
  // Without a handle the worker would see that nothing can come, and end.
  setInterval(() => undefined, 60_000);
});
