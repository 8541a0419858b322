import { createRequire } from 'node:module';

const { name, version } = createRequire(import.meta.url)(
  '../../package.json',
) as { name: string; version: string }; // our own

/** The queue of a module of tasks in test/fixtures. */
export function queueOf(module: string): string {
  return `${name}/test/fixtures/${module}@${version}`;
}

/** What it is called in Redis. */
export function keyOf(module: string, part: string): string {
  return `exec:{default}:${queueOf(module)}:${part}`;
}
