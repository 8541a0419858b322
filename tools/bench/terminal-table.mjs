import { styleText } from 'node:util';

/**
 * A table for a terminal.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} body
 * @param {object} options
 * @param {number} options.left how many columns are aligned to the left; numbers are not
 * @param {(line: number) => 'green' | 'red' | undefined} [options.colour]
 */
export function terminalTable(head, body, { left, colour }) {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((line) => line[column]?.length ?? 0)),
  );
  const text = (/** @type {readonly string[]} */ line) =>
    line
      .map((field, column) =>
        column < left
          ? field.padEnd(widths[column] ?? 0)
          : field.padStart(widths[column] ?? 0),
      )
      .join(' ');
  const lines = body.map((line, i) => {
    const style = colour?.(i);
    return style ? styleText(style, text(line)) : text(line);
  });
  return [text(head), ...lines].join('\n');
}
