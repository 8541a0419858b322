import { FlagServerOptionError } from './errors.ts';
import type { FaultRule } from './fault-rule.ts';
import { formatFault, parseFault } from './fault-text.ts';

/** The path below which the first folder names the fault of the request. */
const FAULT_PATH = '/fault';

/** Name of the folder below which there are no faults. */
const NO_FAULT = 'none';

export interface RequestPath {
  /** The rules that the path tells, which hold in place of those of the options. */
  readonly rules?: readonly FaultRule[];
  /** What is asked for. */
  readonly file: string;
}

/**
 * Splits `/fault/FAULT/flags/cn/cn.gif`, where FAULT is what `parseFault` reads or `none`.
 *
 * @throws {FlagServerOptionError} when FAULT is neither
 */
export function parsePath(path: string): RequestPath {
  if (!path.startsWith(`${FAULT_PATH}/`)) return { file: path };
  const [, , fault = '', ...folders] = path.split('/');
  return {
    rules: fault === NO_FAULT ? [] : [parseFault(decode(fault))],
    file: `/${folders.join('/')}`,
  };
}

/** The path at which a file is served with this fault, or without any. */
export function faultPath(rule: FaultRule | undefined, file: string): string {
  return `${FAULT_PATH}/${rule ? formatFault(rule) : NO_FAULT}${file}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new FlagServerOptionError(
      `fault must be percent-encoded UTF-8, not ${JSON.stringify(text)}`,
    );
  }
}
