// Compares the table of arrows in ARCHITECTURE.md with the project graph.
import { readFileSync } from 'node:fs';
import { createProjectGraphAsync } from '@nx/devkit';

const rows = readFileSync(
  new URL('../ARCHITECTURE.md', import.meta.url),
  'utf8',
).matchAll(/^\| `([\w-]+)` +\| (–|`[\w`, -]+`) +\|$/gm);
const documented = [...rows].flatMap(([, from, imports]) =>
  [...imports.matchAll(/`([\w-]+)`/g)].map(([, to]) => `${from} -> ${to}`),
);

const { nodes, dependencies } = await createProjectGraphAsync({
  exitOnError: true,
});
const real = Object.values(dependencies)
  .flat()
  .filter(({ source, target }) => source in nodes && target in nodes)
  .map(({ source, target }) => `${source} -> ${target}`);

const missing = [...new Set(real)].filter((a) => !documented.includes(a));
const stale = documented.filter((arrow) => !real.includes(arrow));
for (const arrow of missing) {
  console.error(`ARCHITECTURE.md does not have the arrow ${arrow}`);
}
for (const arrow of stale) {
  console.error(`ARCHITECTURE.md has an arrow that is not there: ${arrow}`);
}
if (documented.length === 0) {
  console.error('no table of arrows was found in ARCHITECTURE.md');
}
const clean = documented.length > 0 && missing.length + stale.length === 0;
process.exit(clean ? 0 : 1);
