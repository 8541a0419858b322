import {
  canRedraw,
  sizeOf,
  type ProgressStream,
} from '@concurrent-executors/progress';
import type { GanttOptions } from './gantt.ts';

/** Where a chart is printed, with what `process.stdout` tells of its terminal. */
export type ChartStream = ProgressStream & { hasColors?(): boolean };

/**
 * How a chart fits a stream: its width, 80 columns for what is no terminal; colours if
 * the terminal has them and the user wants them; ASCII if the locale or the terminal has
 * no other characters.
 */
export function chartStyle(
  stream: ChartStream,
  environment: NodeJS.ProcessEnv = process.env,
): Required<Pick<GanttOptions, 'width' | 'color' | 'ascii'>> {
  const isTerminal = stream.isTTY === true;
  // The first of them that is set counts (POSIX, 8.2). Many containers set none, and
  // yet are seen in a terminal of today.
  const { LC_ALL, LC_CTYPE, LANG } = environment;
  const locale = [LC_ALL, LC_CTYPE, LANG].find(
    (value) => value !== undefined && value !== '',
  );
  const isUnicode = locale === undefined || /utf-?8/i.test(locale);
  return {
    width: sizeOf(stream).columns,
    color: stream.hasColors?.() === true,
    ascii: !isUnicode || (isTerminal && !canRedraw(stream)),
  };
}
