/** The weight of the newest sample, as in tqdm. */
const SMOOTHING = 0.3;

/** A number of items and the time that they took. */
interface Pace {
  readonly items: number;
  readonly seconds: number;
}

/** 0 without any time to measure by. */
export function perSecond(items: number, seconds: number): number {
  return seconds > 0 ? items / seconds : 0;
}

/**
 * The present speed: an exponential moving average of the items of each sample, divided by
 * that of its seconds, as in tqdm (class `EMA`, `smoothing=0.3`, in
 * https://github.com/tqdm/tqdm/blob/master/tqdm/std.py).
 *
 * An average that starts at zero is too low by the factor 1 − (1 − smoothing)^samples, which
 * Kingma and Ba divide out (Adam, https://arxiv.org/abs/1412.6980, section 3). Both averages
 * here have seen the same number of samples, so the factor cancels in the quotient: it is
 * free of that bias from the first sample on without computing it.
 */
export class MovingRate {
  #average: Pace = { items: 0, seconds: 0 };
  #newest: Pace = { items: 0, seconds: 0 };
  #total: Pace = { items: 0, seconds: 0 };

  /** Takes what is new since the last sample of the count and the time, both from the start. */
  sample(items: number, seconds: number): void {
    this.#newest = this.#since(items, seconds);
    this.#average = this.#averageWith(this.#newest);
    this.#total = { items, seconds };
  }

  /**
   * Items a second; 0 before the first sample.
   *
   * What is new since the last sample counts as soon as it takes longer than that sample
   * did, so that the speed falls during a stall, not only after it.
   */
  perSecond(items: number, seconds: number): number {
    const pending = this.#since(items, seconds);
    const average =
      pending.seconds > this.#newest.seconds
        ? this.#averageWith(pending)
        : this.#average;
    return perSecond(average.items, average.seconds);
  }

  #since(items: number, seconds: number): Pace {
    return {
      items: items - this.#total.items,
      seconds: seconds - this.#total.seconds,
    };
  }

  #averageWith(newest: Pace): Pace {
    const mix = (now: number, before: number) =>
      SMOOTHING * now + (1 - SMOOTHING) * before;
    return {
      items: mix(newest.items, this.#average.items),
      seconds: mix(newest.seconds, this.#average.seconds),
    };
  }
}
