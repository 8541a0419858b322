/**
 * A table as prettier formats it. Columns that are listed in `right` have numbers.
 *
 * @param {readonly string[]} head
 * @param {readonly (readonly string[])[]} body
 * @param {{ readonly right?: readonly number[] }} [alignment]
 */
export function markdownTable(head, body, { right = [] } = {}) {
  const lines = [head, ...body];
  const widths = head.map((_, column) =>
    Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const text = (/** @type {readonly string[]} */ line) =>
    `| ${line
      .map((field, column) =>
        right.includes(column)
          ? field.padStart(widths[column] ?? 0)
          : field.padEnd(widths[column] ?? 0),
      )
      .join(' | ')} |`;
  const rule = widths.map((width, column) =>
    right.includes(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return [text(head), text(rule), ...body.map(text)].join('\n');
}
