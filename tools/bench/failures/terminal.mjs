/* The grid as text for a terminal of 100 columns. */
import { styleText } from 'node:util';
import { columnsOf, failuresOf, fieldOf, marks, scoreOf } from './grid.mjs';

const shortBackends = { thread: 'thr', process: 'proc' };
const FIELD_WIDTH = 5; // of `57/57`

const legend = `In each field: idle pool, full queue, during shutdown.
${marks.right} right   ${marks.less} right by what it promises, which is less
${marks.wrong} wrong   ${marks.hang} hangs`;

/**
 * @param {readonly import('./matrix.mjs').Row[]} rows
 * @param {boolean} inColour
 */
export function gridText(rows, inColour) {
  const columns = columnsOf(rows);
  const failures = failuresOf(rows).map(({ name }) => name);
  const nameWidth = Math.max(...failures.map((name) => name.length));
  const libraries = [...new Set(columns.map(({ library }) => library))].map(
    (library) => {
      const own = columns.filter((column) => column.library === library);
      const width = own.length * (FIELD_WIDTH + 1) - 1;
      return { library, own, width: Math.max(width, library.length) };
    },
  );

  /**
   * @param {string} name
   * @param {(column: import('./grid.mjs').Column) => string} field
   */
  const line = (name, field) => {
    const groups = libraries.map(({ own, width }) =>
      own
        .map((column) => field(column).padEnd(FIELD_WIDTH))
        .join(' ')
        .padEnd(width),
    );
    return [name.padEnd(nameWidth), ...groups].join('  ').trimEnd();
  };
  const heading = libraries.map(({ library, width }) => library.padEnd(width));
  const text = [
    [''.padEnd(nameWidth), ...heading].join('  ').trimEnd(),
    line('', ({ backend }) => shortBackends[backend]),
    ...failures.map((failure) =>
      line(failure, (column) => fieldOf(rows, failure, column)),
    ),
    line('right', (column) => scoreOf(rows, column)),
    '',
    legend,
  ].join('\n');
  return inColour ? paint(text) : text;
}

/** @type {Readonly<Record<string, 'green' | 'red' | 'yellow'>>} */
const colours = {
  [marks.right]: 'green',
  [marks.less]: 'green',
  [marks.wrong]: 'red',
  [marks.hang]: 'yellow',
};

/** @param {string} text */
const paint = (text) =>
  text.replace(/[✓○✗∞]/gu, (mark) => styleText(colours[mark] ?? 'red', mark));
