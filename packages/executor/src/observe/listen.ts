import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ExecutorEvents } from '../core/events.ts';

/** What is to be called with the events of a channel. */
export type Listeners = {
  readonly [Name in keyof ExecutorEvents]?: (
    event: ExecutorEvents[Name],
  ) => void;
};

/** Calls them with what executors publish, until it is disposed. */
export function listen(listeners: Listeners): Disposable {
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
