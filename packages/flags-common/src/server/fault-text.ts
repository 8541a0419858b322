import { FlagServerOptionError } from './errors.ts';
import {
  checkFaultKind,
  checkFaultRule,
  parameterNames,
  type FaultRule,
} from './fault-rule.ts';

/**
 * Reads `KIND[:RATE[:PARAMETER]][:NAME=VALUE]…`, for example `reset`, `reset:0.1`,
 * `drip:1:500`, `unavailable:retryAfter=2:times=1`. An empty field counts as absent.
 *
 * @throws {FlagServerOptionError} when it is no rule that makes sense
 */
export function parseFault(text: string): FaultRule {
  const [kind = '', ...fields] = text.split(':');
  checkFaultKind(kind);
  const unnamed = ['rate', ...parameterNames(kind).slice(0, 1)];
  const parameters = fields.map((field, index): [string, string] => {
    const [, name, value] = /^([^=]*)=(.*)$/s.exec(field) ?? [];
    if (name !== undefined && value !== undefined) return [name, value];
    const position = unnamed[index];
    if (position !== undefined) return [position, field];
    throw new FlagServerOptionError(
      `fault ${kind} takes ${unnamed.join(' and ')} without a name, not also ${JSON.stringify(field)}`,
    );
  });
  const rule: FaultRule = {
    kind,
    ...Object.fromEntries(
      parameters
        .filter(([, value]) => value !== '')
        .map(([name, value]) => [name, parseNumber(kind, name, value)]),
    ),
  };
  checkFaultRule(rule);
  return rule;
}

function parseNumber(kind: string, name: string, text: string): number {
  if (/^-?(\d+\.?\d*|\.\d+)$/.test(text)) return Number(text);
  throw new FlagServerOptionError(
    `${name} of fault ${kind} must be a number, not ${JSON.stringify(text)}`,
  );
}

/** The text of a rule, which `parseFault` reads. */
export function formatFault({ kind, ...parameters }: FaultRule): string {
  const named = Object.entries(parameters).map(
    ([name, value]) => `:${name}=${String(value)}`,
  );
  return [kind, ...named].join('');
}
