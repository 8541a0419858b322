const states = ['pending', 'running', 'cancelled', 'finished'] as const;

export type FutureState = (typeof states)[number];

/**
 * Every legal transition.
 *
 * | from      | to        | when                                                  |
 * | --------- | --------- | ----------------------------------------------------- |
 * | pending   | running   | the task was handed to a worker                       |
 * | pending   | cancelled | cancel(), or shutdown({ cancelFutures: true })        |
 * | pending   | finished  | it failed before it could start                       |
 * | running   | finished  | it returned, threw, or its worker ended               |
 * | cancelled | –         |                                                       |
 * | finished  | –         |                                                       |
 */
export function mayBecome(from: FutureState, to: FutureState): boolean {
  return from === 'pending'
    ? to !== 'pending'
    : from === 'running' && to === 'finished';
}

/** What a state may become, for messages. */
export function nextStates(from: FutureState): FutureState[] {
  return states.filter((to) => mayBecome(from, to));
}

/** All that can be said of a future at one moment. */
export type FutureSnapshot<T> =
  | {
      readonly state: 'pending' | 'running';
      readonly done: false;
      readonly cancelled: false;
      readonly failed: false;
      readonly result?: undefined;
      readonly exception?: undefined;
    }
  | {
      readonly state: 'cancelled';
      readonly done: true;
      readonly cancelled: true;
      readonly failed: false;
      readonly result?: undefined;
      readonly exception?: undefined;
    }
  | {
      readonly state: 'finished';
      readonly done: true;
      readonly cancelled: false;
      readonly failed: false;
      /** What the task returned. */
      readonly result: T;
      readonly exception?: undefined;
    }
  | {
      readonly state: 'finished';
      readonly done: true;
      readonly cancelled: false;
      readonly failed: true;
      readonly result?: undefined;
      /** What the task threw; that can be undefined. */
      readonly exception: unknown;
    };
