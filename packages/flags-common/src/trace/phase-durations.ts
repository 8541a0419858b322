import type { ExchangePhases } from './exchange-trace.ts';
import type { Phase } from './page/entry.ts';

/** Those that took place, one after the other, with TLS taken out of `connect`. */
export function phaseDurations(
  phases: ExchangePhases,
): (readonly [phase: Phase, duration: number])[] {
  const connect = phases.connect - Math.max(phases.tls, 0);
  const inOrder = [
    ['blocked', phases.blocked],
    ['dns', phases.dns],
    ['connect', connect],
    ['tls', phases.tls],
    ['send', phases.send],
    ['wait', phases.wait],
    ['receive', phases.receive],
  ] as const;
  return inOrder.filter(([, duration]) => duration >= 0);
}
