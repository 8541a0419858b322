/** A stream that bars are written to, with what `process.stderr` tells of its terminal. */
export type ProgressStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

/** Whether it is a terminal that can move its cursor: one that cannot names itself dumb. */
export function canRedraw(stream: ProgressStream): boolean {
  return stream.isTTY === true && process.env['TERM'] !== 'dumb';
}

/** A terminal that does not tell its size, or tells 0, is taken for 80 columns and 24 rows. */
export function sizeOf({ columns = 0, rows = 0 }: ProgressStream): {
  columns: number;
  rows: number;
} {
  return { columns: columns || 80, rows: rows || 24 };
}

/** What a display needs to know of a bar. */
export interface DisplayedBar {
  /** Whether the last line stays after `close`. */
  readonly leave: boolean;
  /** Seconds since the start. */
  elapsed(): number;
  /** The present line, at most `columns` wide; without a bar when there is no width. */
  line(columns?: number): string;
}

/** Where bars are shown. Each bar is opened once, refreshed any number of times, closed once. */
export interface Display {
  open(bar: DisplayedBar): void;
  refresh(bar: DisplayedBar): void;
  close(bar: DisplayedBar): void;
  /** Writes whole lines to `stream` without damage to the bars shown here. */
  write(text: string, stream: NodeJS.WritableStream): void;
}
