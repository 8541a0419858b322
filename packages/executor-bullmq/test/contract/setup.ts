import { afterEach, beforeEach, inject } from 'vitest';
import { exclusions } from './exclusions.ts';
import { endServed } from './served.ts';

beforeEach(({ task, skip }) => {
  skip(inject('redis') === undefined, 'there is no redis-server');
  const { name, suite } = task;
  skip(suite?.name.includes('BullMQExecutor') !== true, 'of another executor');
  const reason = exclusions.get(name);
  skip(reason !== undefined, reason);
});

afterEach(endServed);
