import { Lane } from './lane.ts';
import { ALL_SIGNS, hasSign, type Sign } from './signs.ts';

/** The runs of a row with those of each sign beside, to be found as quickly. */
export interface MarkedLane {
  readonly lane: Lane;
  readonly marks: readonly (readonly [sign: Sign, lane: Lane])[];
}

export function markedLane(lane: Lane): MarkedLane {
  const marks = ALL_SIGNS.map((sign) => {
    const runs = lane.runs.filter((run) => hasSign(run, sign));
    return [sign, new Lane(runs)] as const;
  });
  return { lane, marks: marks.filter(([, { runs }]) => runs.length > 0) };
}
