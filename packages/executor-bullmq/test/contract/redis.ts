/* One Redis for all files of the contract. */
import type { TestProject } from 'vitest/node';
import { findRedis, startRedis } from '../../../../tools/redis/redis-server.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Its URL; undefined if there is no Redis here. */
    redis: string | undefined;
  }
}

export default async function startForAll(
  project: TestProject,
): Promise<(() => Promise<void>) | undefined> {
  const executable = findRedis();
  if (executable === undefined) {
    project.provide('redis', undefined);
    return undefined;
  }
  const redis = await startRedis(executable);
  project.provide('redis', redis.url);
  return async () => {
    await redis[Symbol.asyncDispose]();
  };
}
