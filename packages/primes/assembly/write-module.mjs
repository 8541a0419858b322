// Compiles index.ts, and writes it to where the package has it:
// node packages/primes/assembly/write-module.mjs
import { writeFileSync } from 'node:fs';
import { compile } from './compile.mjs';

const base64 = Buffer.from(await compile('index.ts')).toString('base64');
writeFileSync(
  new URL('../src/word-arithmetic-module.ts', import.meta.url),
  `// Written by assembly/write-module.mjs from assembly/index.ts; a test compares them.
export const base64 =
  '${base64}';
`,
);
