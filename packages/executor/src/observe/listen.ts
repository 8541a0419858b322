import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ExecutorEvents } from '../core/events.ts';

/** For each event that is listened to, what is called with it. */
export type ExecutorListeners = {
  readonly [Name in keyof ExecutorEvents]?: (
    event: ExecutorEvents[Name],
  ) => void;
};

/** Calls the listeners at the events of all executors of this program until it is disposed of. */
export function listen(listeners: ExecutorListeners): Disposable {
  // The channels publish what ExecutorEvents says of them.
  const untyped = Object.entries(listeners) as [
    string,
    (event: unknown) => void,
  ][];
  for (const [name, listener] of untyped) subscribe(name, listener);
  return {
    [Symbol.dispose]() {
      for (const [name, listener] of untyped) unsubscribe(name, listener);
    },
  };
}
