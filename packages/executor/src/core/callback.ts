import { AsyncResource } from 'node:async_hooks';

/** A callback, which runs in the async context of whoever added it. */
export class Callback<A> extends AsyncResource {
  readonly fn: (argument: A) => void;

  constructor(fn: (argument: A) => void) {
    super('FutureCallback');
    this.fn = fn;
  }

  call(argument: A): void {
    this.runInAsyncScope(this.fn, undefined, argument);
  }
}
