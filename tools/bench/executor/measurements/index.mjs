import { calibrate } from './calibrate.mjs';
import { measureBehindLong } from './behind-long.mjs';
import { measureBurst } from './burst.mjs';
import { measureChunkedMap } from './chunked-map.mjs';
import { measureEfficiency } from './efficiency.mjs';
import { measureIdleCpu } from './idle-cpu.mjs';
import { measureInFlight } from './in-flight.mjs';
import { measurePayload } from './payload.mjs';
import { measureRoundTrip } from './round-trip.mjs';
import { measureStart } from './start.mjs';
import { measureWorkerMemory } from './worker-memory.mjs';

/**
 * All kinds of measurements, by the names under which cases.mjs has them.
 *
 * @type {Readonly<Record<string, import('./subject.mjs').Measure>>}
 */
export const measurements = {
  calibrate,
  burst: measureBurst,
  'in-flight': measureInFlight,
  'round-trip': measureRoundTrip,
  'chunked-map': measureChunkedMap,
  payload: measurePayload,
  efficiency: measureEfficiency,
  'behind-long': measureBehindLong,
  start: measureStart,
  'worker-memory': measureWorkerMemory,
  'idle-cpu': measureIdleCpu,
};
