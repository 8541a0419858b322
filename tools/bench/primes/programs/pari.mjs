import { fileURLToPath } from 'node:url';
import { versionOf } from '../../version-of.mjs';
import { compile } from './compile.mjs';

const script = fileURLToPath(new URL('measure.gp', import.meta.url));

/** @type {import('./program.mjs').Program} */
export const pari = {
  name: 'pari',
  usage:
    'its library, from C: `uisprime`, `unextprime`, `u_forprime_next`; where its headers are missing, the command `gp`, less the time of an empty loop',
  kinds: ['is-prime', 'next-prime', 'primes-below'],
  find(folder) {
    const program = compile('pari', folder, ['pari']);
    const version = versionOf('gp');
    if (program !== undefined)
      return {
        version: version ?? 'unknown',
        command: ({ kind, file, passes }) => [
          program,
          kind,
          file,
          String(passes),
        ],
      };
    if (version === undefined) return undefined;
    return {
      version,
      command: ({ kind, file, passes }) => [
        'env', // a script of gp has no arguments
        `KIND=${kind}`,
        `FILE=${file}`,
        `PASSES=${String(passes)}`,
        'gp',
        '--quiet',
        '--fast',
        script,
      ],
    };
  },
};
