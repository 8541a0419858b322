import { AsyncResource } from 'node:async_hooks';

/** A callback, which runs in the async context of whoever added it. */
export class Callback<Kind extends string, A> extends AsyncResource {
  /** What it is called for. */
  readonly kind: Kind;
  readonly fn: (argument: A) => void;

  constructor(kind: Kind, fn: (argument: A) => void) {
    super('FutureCallback');
    this.kind = kind;
    this.fn = fn;
  }

  call(argument: A): void {
    this.runInAsyncScope(this.fn, undefined, argument);
  }
}
