import { STATUS_CODES } from 'node:http';
import type {
  FlagRequest,
  FlagServer,
} from '@concurrent-executors/flags-common/server';
import type { ServerPlan } from './command-line.ts';

/** `DELAY  http://localhost:8001/flags  delay 0.5–5 s, no errors, seed 1f00ba44` */
export function serverLine(plan: ServerPlan, server: FlagServer): string {
  const { label, delay, errorRate } = plan;
  const { min, max } = delay;
  const traits = [
    max === 0
      ? 'no delay'
      : `delay ${min === max ? String(min) : `${String(min)}–${String(max)}`} s`,
    errorRate === 0
      ? 'no errors'
      : `${String(Number((errorRate * 100).toFixed(2)))} % errors`,
  ];
  if (min < max || (errorRate > 0 && errorRate < 1)) {
    traits.push(`seed ${server.seed}`);
  }
  return `${label}  ${server.url}  ${traits.join(', ')}`;
}

/** `BR delay: 3.4s`, followed by what went otherwise than well. */
export function requestLine(request: FlagRequest): string {
  const { method, path, delay, status } = request;
  const [, code] = /^\/flags\/([a-z]{2})\/\1\.gif$/.exec(path) ?? [];
  const subject = code?.toUpperCase() ?? path;
  return [
    ...(method === 'GET' ? [] : [method]),
    subject,
    `delay: ${delay.toFixed(1)}s`,
    ...outcome(status),
  ].join(' ');
}

function outcome(status: number | undefined): string[] {
  if (status === undefined) return ['(client left)'];
  if (status < 400) return [];
  return [`(${String(status)} ${STATUS_CODES[status] ?? ''})`];
}
