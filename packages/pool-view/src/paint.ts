import { styleText } from 'node:util';

/** The formats that this package uses; the colours are those of the terminal. */
export type Format =
  'bold' | 'cyan' | 'dim' | 'green' | 'inverse' | 'red' | 'yellow';

export type Paint = (formats: Format[], text: string) => string;

/** Whether to colour is decided by the caller, not by what standard output is. */
export const inColor: Paint = (formats, text) =>
  formats.length === 0 || text === ''
    ? text
    : styleText(formats, text, { validateStream: false });

export const withoutColor: Paint = (_formats, text) => text;
