export { ProgressBar, type ProgressBarOptions } from './bar.ts';
export { canRedraw, sizeOf, type ProgressStream } from './display.ts';
export { progress, type AsyncProgress, type Progress } from './progress.ts';
export { MovingRate } from './rate.ts';
export { columnsOf, plain, shorten } from './text.ts';
