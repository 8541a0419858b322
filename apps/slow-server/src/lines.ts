import { STATUS_CODES } from 'node:http';
import {
  formatFault,
  type FlagRequest,
  type FlagServer,
} from '@concurrent-executors/flags-common/server';
import type { ServerPlan } from './command-line.ts';

/** `DELAY  http://localhost:8001/flags  delay 0.5–5 s, no errors, seed 1f00ba44` */
export function serverLine(plan: ServerPlan, server: FlagServer): string {
  const { label, delay, errorRate, faults } = plan;
  const { min, max } = delay;
  const traits = [
    max === 0
      ? 'no delay'
      : `delay ${min === max ? String(min) : `${String(min)}–${String(max)}`} s`,
    errorRate === 0
      ? 'no errors'
      : `${String(Number((errorRate * 100).toFixed(2)))} % errors`,
  ];
  if (faults.length > 0) {
    traits.push(`faults ${faults.map(formatFault).join(' ')}`);
  }
  const rates = [errorRate, ...faults.map(({ rate = 1 }) => rate)];
  if (min < max || rates.some((rate) => rate > 0 && rate < 1)) {
    traits.push(`seed ${server.seed}`);
  }
  return `${label}  ${server.url}  ${traits.join(', ')}`;
}

/** `BR delay: 3.4s`, followed by what went otherwise than well. */
export function requestLine(request: FlagRequest): string {
  const { method, path, delay } = request;
  const [, code] = /^\/flags\/([a-z]{2})\/\1\.gif$/.exec(path) ?? [];
  const subject = code?.toUpperCase() ?? path;
  return [
    ...(method === 'GET' ? [] : [method]),
    subject,
    `delay: ${delay.toFixed(1)}s`,
    ...outcome(request),
  ].join(' ');
}

function outcome({ fault, status }: FlagRequest): string[] {
  if (fault === undefined) {
    if (status === undefined) return ['(client left)'];
    return status < 400 ? [] : [`(${statusText(status)})`];
  }
  return [
    status === undefined
      ? `(fault ${fault})`
      : `(fault ${fault}, ${statusText(status)})`,
  ];
}

function statusText(status: number): string {
  return `${String(status)} ${STATUS_CODES[status] ?? ''}`.trimEnd();
}
