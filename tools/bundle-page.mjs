/*
 * Puts a page together with its style and scripts, as one HTML file that loads nothing:
 *
 *   node bundle-page.mjs FOLDER FILE.html
 *
 * Its policy lets the browser run these and nothing else, whatever data is put in later.
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';

const [source = '', target = ''] = process.argv.slice(2);

const { script, licences } = await bundle(join(source, 'main.ts'));
const style = asset('page.css');
const policy = `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'`;
const page = [
  [`content="default-src 'none'"`, `content="${policy}"`],
  ['<link rel="stylesheet" href="page.css" />', `<style>${style}</style>`],
  ['<script src="main.js"></script>', `<script>${script}</script>${licences}`],
].reduce(
  (text, [reference, content]) => insert(text, reference, content),
  asset('page.html'),
);
writeFileSync(target, page);

/** The scripts as one, and the licences of the libraries in it. @param {string} entry */
async function bundle(entry) {
  const result = await build({
    configFile: false,
    logLevel: 'warn',
    build: {
      write: false,
      target: 'chrome123',
      license: { fileName: 'licences.md' },
      rolldownOptions: { input: entry, output: { format: 'iife' } },
    },
  });
  const { output } = Array.isArray(result) ? result[0] : result;
  const chunk = output.find(({ type }) => type === 'chunk');
  const notice = output.find(({ fileName }) => fileName === 'licences.md');
  const licences = String(notice.source);
  // Inside of an element nothing may look like its end, nor inside of a comment.
  return {
    script: chunk.code.replaceAll(/<(?=\/script|!--)/gi, '\\x3c'),
    licences: licences.includes('## ')
      ? `\n    <!--\n${licences.replaceAll('--', '- -')}\n-->`
      : '',
  };
}

/** @param {string} name */
function asset(name) {
  return readFileSync(join(source, name), 'utf8');
}

/** @param {string} text @param {string} reference @param {string} content */
function insert(text, reference, content) {
  if (!text.includes(reference)) throw new Error(`no ${reference} in the page`);
  // As a function, so that no $ in the content means anything.
  return text.replace(reference, () => content);
}

/** @param {string} content */
function hash(content) {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
