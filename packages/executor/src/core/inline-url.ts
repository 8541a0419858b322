/** Tells the modules that inline() makes from other data: URLs. */
export const INLINE_PREFIX = `data:text/javascript,${encodeURIComponent('/* inline task */')}`;

export function isInlineModule(moduleUrl: string): boolean {
  return moduleUrl.startsWith(INLINE_PREFIX);
}
