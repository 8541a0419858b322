import type { Run } from './recording.ts';

/**
 * The runs whose name, error, outcome, worker or executor has the text in it, in any
 * case, or whose task has the number: `17` or `#17`. Undefined if nothing is asked for.
 */
export function search(runs: readonly Run[], text: string): Run[] | undefined {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return undefined;
  const id = /^#?(\d+)$/.exec(wanted)?.[1];
  return runs.filter(
    (run) => String(run.id) === id || searchable(run).includes(wanted),
  );
}

function searchable(run: Run): string {
  const { name, error, outcome, worker, executor, retried } = run;
  return `${name}\n${error}\n${outcome}${retried ? ' retried' : ''}\n${worker?.name ?? 'event loop'}\n${executor.name}`.toLowerCase();
}
