import { identifyModule } from '../../src/wire/module-identity.ts';
import { queueName } from '../../src/wire/names.ts';

/** The queue of a module of tasks in test/fixtures. */
export function queueOf(module: string): string {
  const url = new URL(`../fixtures/${module}`, import.meta.url);
  return queueName(identifyModule(url.href));
}

/** What it is called in Redis. */
export function keyOf(module: string, part: string): string {
  return `exec:{default}:${queueOf(module)}:${part}`;
}
