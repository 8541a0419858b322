export { chartStyle, type ChartStream } from './chart-style.ts';
export { CollectedSpans } from './collected-spans.ts';
export { gantt, type GanttOptions } from './gantt.ts';
export { LiveView, type LiveViewOptions } from './live-view.ts';
export {
  observe,
  type Observation,
  type ObserveSettings,
} from './observation.ts';
export { observationOptions, type ObservationOptions } from './options.ts';
