import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

// Both folders are in the package, and at the same place seen from this module and
// from what tsc makes of it. The scripts are compiled, the rest is not.
const ASSETS = new URL('../../src/trace/page/', import.meta.url);
const SCRIPTS = new URL('../../dist/trace/page/', import.meta.url);

/** The text of the page before and after the data. */
export interface TimelinePage {
  readonly beforeData: string;
  readonly afterData: string;
}

/**
 * The page with its style and scripts in it. Its policy lets the browser run these
 * and nothing else, whatever the data, and load nothing.
 */
export function timelinePage(): TimelinePage {
  const style = asset('page.css');
  const script = bundle();
  const policy = `default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'`;
  const page = [
    [`content="default-src 'none'"`, `content="${policy}"`],
    [`<link rel="stylesheet" href="page.css" />`, `<style>${style}</style>`],
    [`<script src="main.js"></script>`, `<script>${script}</script>`],
  ].reduce(
    (text, [reference = '', content = '']) => insert(text, reference, content),
    asset('page.html'),
  );
  const data = '<script id="data" type="application/json">';
  const end = page.indexOf(data) + data.length;
  return { beforeData: page.slice(0, end), afterData: page.slice(end) };
}

function asset(name: string): string {
  return readFileSync(new URL(name, ASSETS), 'utf8');
}

function insert(text: string, reference: string, content: string): string {
  if (!text.includes(reference)) throw new Error(`no ${reference} in the page`);
  // As a function, so that no $ in the content means anything.
  return text.replace(reference, () => content);
}

/**
 * All scripts as one. A script inside a page cannot import another, so tsc makes
 * CommonJS of them; each becomes a function, which runs when it is first required.
 */
function bundle(): string {
  const modules = readdirSync(SCRIPTS)
    .filter((name) => name.endsWith('.js'))
    .map((name) => {
      const code = readFileSync(new URL(name, SCRIPTS), 'utf8');
      return `${JSON.stringify(`./${name}`)}: (exports, require) => {\n${code}}`;
    });
  return `'use strict';
const modules = {
${modules.join(',\n')}
};
const loaded = {};
const require = (path) => {
  if (!(path in loaded)) modules[path]((loaded[path] = {}), require);
  return loaded[path];
};
require('./main.js');
`;
}

function hash(content: string): string {
  return `sha256-${createHash('sha256').update(content).digest('base64')}`;
}
