/**
 * Lines of plain text as a list.
 *
 * @param {readonly string[]} lines
 * @param {string} nothing what stands there if there are none
 */
export const markdownList = (lines, nothing) =>
  lines.length > 0 ? lines.map(listItem).join('\n') : nothing;

const listItem = (/** @type {string} */ line) =>
  `- ${line.replaceAll(/[<>*_`[\]\\]/g, String.raw`\$&`)}`;
