import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { executorModule } from './adapters/executor.mjs';
import { fail } from './command-line-options.mjs';

/** Ends the program if the executor is not built. */
export function requireBuiltExecutor() {
  if (existsSync(executorModule)) return;
  fail(
    `${fileURLToPath(executorModule)} is missing: run npx nx build executor first`,
  );
}
