/** A part of the time, in milliseconds after the first moment of the recording. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

export function widthOf({ from, to }: Range): number {
  return to - from;
}
