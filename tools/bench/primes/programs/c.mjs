import { versionOf } from '../../version-of.mjs';
import { compile } from './compile.mjs';

/** @type {import('./program.mjs').Program} */
export const c = {
  name: 'c',
  usage: 'gcc at `-O2`, `%` of `uint64_t`',
  kinds: ['trial-division'],
  find(folder) {
    const program = compile('trial-division', folder, ['m']);
    if (program === undefined) return undefined;
    return {
      version: `gcc ${versionOf('gcc') ?? 'unknown'}`,
      command: ({ kind, file, passes }) => [
        program,
        kind,
        file,
        String(passes),
      ],
    };
  },
};
