export { ProgressBar, type ProgressBarOptions } from './bar.ts';
export type { ProgressStream } from './display.ts';
export { progress, type AsyncProgress, type Progress } from './progress.ts';
