/** Resolves with the next warning of that name; others can come from futures of other tests. */
export function nextWarning(name: string): Promise<Error> {
  return new Promise((resolve) => {
    const hear = (warning: Error): void => {
      if (warning.name !== name) return;
      process.off('warning', hear);
      resolve(warning);
    };
    process.on('warning', hear);
  });
}
