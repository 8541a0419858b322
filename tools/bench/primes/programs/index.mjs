import { c } from './c.mjs';
import { javascriptPrograms } from './javascript.mjs';
import { pari } from './pari.mjs';

/** All that are compared, installed or not. */
export const programs = [...javascriptPrograms, c, pari];
