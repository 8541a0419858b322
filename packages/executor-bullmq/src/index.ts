export { BullMQExecutor } from './executor.ts';
export {
  MessageRefusedError,
  RedisConnectionError,
  TaskCodeMismatchError,
  TaskLostError,
  WorkerLostError,
} from './errors.ts';
export type { BullMQExecutorOptions, MeetingPoint } from './options.ts';
export { shownUrl, type RedisSettings } from './redis/connection.ts';
