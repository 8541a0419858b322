import type { Job } from 'bullmq';
import {
  MessageRefusedError,
  TaskCodeMismatchError,
  TaskLostError,
  streamLost,
} from '../errors.ts';
import {
  isGenuine,
  readEnvelope,
  WIRE_VERSION,
  type Envelope,
} from '../wire/envelope.ts';
import type { ModuleIdentity } from '../wire/module-identity.ts';
import type { Surroundings } from './surroundings.ts';

/** A job that may be run here, with its arguments. */
export interface OpenedJob {
  readonly envelope: Envelope;
  readonly body: Uint8Array;
}

/**
 * @throws MessageRefusedError if it is not signed, or not of this version
 * @throws TaskCodeMismatchError if the submitter has another module
 * @throws TaskLostError if its arguments are gone
 * @throws WorkerLostError if it streams, and has begun before: values would come again
 */
export async function openJob(
  job: Job<Envelope>,
  queue: string,
  identity: ModuleIdentity,
  { redis, names, signer, places }: Surroundings,
): Promise<OpenedJob> {
  const { id = '', name } = job;
  const envelope = readEnvelope(job.data);
  if (envelope === undefined) {
    throw new MessageRefusedError(
      `the job ${id} in ${queue} is none of wire version ${String(WIRE_VERSION)}: expected one that a BullMQExecutor has sent`,
    );
  }
  const body =
    envelope.body === null
      ? await redis.getBuffer(names.arguments(id))
      : Buffer.from(envelope.body, 'base64');
  if (body === null) {
    throw new TaskLostError(
      `the arguments of task ${name} are not in Redis any more`,
    );
  }
  if (!isGenuine(signer, { queue, id, name }, envelope, body)) {
    throw new MessageRefusedError(
      `task ${name} was not signed with the HMAC key of this worker: give the executor the same hmacKey`,
    );
  }
  if (envelope.hash !== identity.hash) {
    throw new TaskCodeMismatchError(
      `task ${name}: ${places.worker} has another ${identity.id}@${identity.version} than the submitter: deploy the same build to both, or change the version of the package`,
    );
  }
  if (envelope.kind === 'stream' && job.stalledCounter > 0) {
    throw streamLost(name);
  }
  return { envelope, body };
}
