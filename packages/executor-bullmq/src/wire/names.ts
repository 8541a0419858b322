/*
 * What stands where in Redis. All keys of a namespace hash to one slot of a cluster.
 *
 *   exec:{ns}:<file>@<version>-<hash>:…   the queue of a module, as BullMQ keeps it
 *   exec:{ns}:reply:<client>         stream: what workers tell one submitter
 *   exec:{ns}:control                channel: what submitters tell workers
 *   exec:{ns}:arguments:<id>         arguments that are too large for the queue
 *   exec:{ns}:result:<id>            a result that is too large for a reply
 *   exec:{ns}:failure:<id>           what a failed task has thrown
 */
import { createHash } from 'node:crypto';
import { OptionTypeError } from '@concurrent-executors/executor';
import type { ModuleIdentity } from './module-identity.ts';

export const DEFAULT_NAMESPACE = 'default';

/** The names in one namespace. */
export class Names {
  readonly prefix: string;
  readonly control: string;

  /** @throws OptionTypeError */
  constructor(namespace: string) {
    if (typeof namespace !== 'string' || !/^[\w.-]+$/.test(namespace)) {
      throw new OptionTypeError(
        `namespace must be letters, digits, dots, dashes and underscores, got ${JSON.stringify(namespace)}`,
      );
    }
    this.prefix = `exec:{${namespace}}`;
    this.control = `${this.prefix}:control`;
  }

  reply(client: string): string {
    return `${this.prefix}:reply:${client}`;
  }

  arguments(id: string): string {
    return `${this.prefix}:arguments:${id}`;
  }

  result(id: string): string {
    return `${this.prefix}:result:${id}`;
  }

  failure(id: string): string {
    return `${this.prefix}:failure:${id}`;
  }
}

/**
 * One queue for each version of a module: a worker never sees a task that it does not know.
 * BullMQ sends the name two dozen times for each task, so it is short: the file, the version,
 * and a hash of all of the id, as `check.js@1.0.0-5f2b9c1a`.
 */
export function queueName({ id, version }: ModuleIdentity): string {
  const file = id.slice(id.lastIndexOf('/') + 1);
  const hash = createHash('sha256').update(id).digest('hex').slice(0, 8);
  // BullMQ separates with colons.
  return `${file}@${version}-${hash}`.replaceAll(':', '%3A');
}
