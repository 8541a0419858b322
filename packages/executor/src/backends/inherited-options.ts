/** Options that are about the script of the program, and their value. */
const scriptOptions = new Set([
  '-e',
  '--eval',
  '-p',
  '--print',
  '-pe',
  '--input-type',
]);

/**
 * The options of this program for its worker processes: all but those about its script.
 * `node -e '…'` would run that in each of them instead of their own, and so without end.
 */
export function inheritedOptions(execArgv: readonly string[]): string[] {
  const inherited: string[] = [];
  for (let index = 0; index < execArgv.length; index += 1) {
    const option = execArgv[index] ?? '';
    if (scriptOptions.has(option)) index += 1;
    else if (!scriptOptions.has(option.replace(/=.*/s, ''))) {
      inherited.push(option);
    }
  }
  return inherited;
}
