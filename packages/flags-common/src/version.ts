import { readFileSync } from 'node:fs';
import { parseJson } from './json.ts';

/** Version of this package. */
export const version = String(
  parseJson(readFileSync(new URL('../package.json', import.meta.url)))?.[
    'version'
  ],
);
