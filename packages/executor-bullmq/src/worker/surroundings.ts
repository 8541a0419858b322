import type { Redis } from 'ioredis';
import type { Names } from '../wire/names.ts';
import type { Signer } from '../wire/signer.ts';
import type { ControlListener } from './control-listener.ts';
import type { Places } from './places.ts';
import type { ReplyWriter } from './reply-writer.ts';

/** What all modules of one worker program share. */
export interface Surroundings {
  readonly redis: Redis;
  readonly names: Names;
  readonly signer: Signer;
  readonly replies: ReplyWriter;
  readonly control: ControlListener;
  readonly places: Places;
  /** How many tasks of a module run at once. */
  readonly concurrency: number;
  /** Milliseconds until the job of a worker that does not answer is given to another one. */
  readonly lockDuration: number;
  /** Every so many milliseconds such jobs are looked for. */
  readonly stalledInterval: number;
  /** How often a job is given to another worker before it fails. */
  readonly maxStalledCount: number;
  /** Milliseconds that an aborted task has to end by itself. */
  readonly abortGrace: number;
  /** Tells of what goes wrong beside the tasks. */
  readonly incident: (message: string) => void;
}
