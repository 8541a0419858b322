import { overlaps, type Range } from './range.ts';
import type { Request } from './request.ts';

/** Numbers in texts count as numbers: `thread 10` comes after `thread 2`. */
const collator = new Intl.Collator('en', { numeric: true });

const byStart = (a: Request, b: Request): number => a.from - b.from;

/** The orders in which the page can show the requests. */
const ORDERS: Readonly<Record<string, (a: Request, b: Request) => number>> = {
  duration: (a, b) => b.to - b.from - (a.to - a.from),
  worker: (a, b) => collator.compare(a.worker, b.worker),
  label: (a, b) => collator.compare(a.label, b.label),
  status: (a, b) => a.status - b.status,
};

/** What the user wants to see. */
export interface Criteria {
  /** Must be in the label, URL, status, worker or error, in any case. */
  readonly text: string;
  readonly errorsOnly: boolean;
  /** `duration`, `worker`, `label` or `status`; anything else means `start`. */
  readonly order: string;
  /** Requests that were not running in this time are left out. */
  readonly range: Range;
}

export function select(
  requests: readonly Request[],
  { text, errorsOnly, order, range }: Criteria,
): Request[] {
  const wanted = text.trim().toLowerCase();
  const selected = requests
    .filter(
      (request) =>
        overlaps(request, range) &&
        (!errorsOnly || request.failed) &&
        (wanted === '' || searchable(request).includes(wanted)),
    )
    .sort(byStart);
  const compare = ORDERS[order];
  return compare === undefined ? selected : selected.sort(compare);
}

function searchable(request: Request): string {
  const { label, url, status, statusText, worker, error } = request;
  return `${label}\n${url}\n${String(status)} ${statusText}\n${worker}\n${error ?? ''}`.toLowerCase();
}
