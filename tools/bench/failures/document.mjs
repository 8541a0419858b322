/* The rows as a Markdown document. */
import { arch, availableParallelism, platform } from 'node:os';
import { adapters } from '../adapters/index.mjs';
import { markdownTable } from '../markdown-table.mjs';
import { readVersions } from '../versions.mjs';
import { poolStates } from './failures.mjs';
import { columnsOf, failuresOf, fieldOf, marks, scoreOf } from './grid.mjs';
import { LIMIT } from './run-cell.mjs';

/** @typedef {import('./matrix.mjs').Row} Row */

/** @param {readonly Row[]} rows */
export function documentOf(rows) {
  const columns = columnsOf(rows);
  const failures = failuresOf(rows);
  const used = adapters.filter(({ library }) =>
    columns.some((column) => column.library === library),
  );
  const versions = readVersions();
  const date = new Date().toISOString().slice(0, 10);

  return `# Failures

One bad task in a pool, then queued and later good ones: what becomes of them, in
this library and in others. This page is written by \`npm run failures\`; how to repeat
it stands at the end.

Run on ${date} with Node.js ${process.versions.node} on ${platform()} ${arch()}, ${String(availableParallelism())} processors.

${markdownTable(
  ['library', 'version', 'used as'],
  used.map(({ library, usage }) => [
    library,
    versions[library] ?? 'unknown',
    usage,
  ]),
)}

## Result

In each field: idle pool, full queue, during shutdown.

${markdownTable(
  [
    'failure',
    ...columns.map(({ library, backend }) => `${library} ${backend}`),
  ],
  [
    ...failures.map(({ name }) => [
      name,
      ...columns.map((column) => fieldOf(rows, name, column)),
    ]),
    ['right of all', ...columns.map((column) => scoreOf(rows, column))],
  ],
)}

${markdownTable(
  ['mark', 'meaning'],
  [
    [
      `${marks.right} right`,
      'the bad task rejects with an error that fits its cause, every other task gets its own result, the pool goes on and can be closed, nothing is unhandled in the program, and the program can end',
    ],
    [
      `${marks.less} right`,
      'the library has no way to do what the cell asks for, and does what it promises instead',
    ],
    [`${marks.wrong} wrong`, 'all is settled, but something of that is not so'],
    [
      `${marks.hang} hang`,
      `a task, the closing of the pool or the end of the program had not come after ${String(LIMIT / 1_000)} seconds, or could not come any more`,
    ],
  ],
)}

The error of a crash only has to be an Error with a message. An error that a task throws
has to keep its class and message, and any other value has to arrive as it is.

## The failures

${markdownTable(
  ['failure', 'what happens'],
  failures.map(({ name, about }) => [name, about]),
)}

Each is run in three states of a pool with one worker:

- idle: one good task, then the bad one, then three good ones at once;
- full: three good ones, the bad one and three good ones in the queue;
- shutdown: one good task, then the bad one and two good ones, and at once the call that
  closes the pool in the gentlest way that the library has.

## What was not right

${used.map((adapter) => notRight(rows, adapter.library)).join('\n\n')}

## Caveats

- A library is judged by its documentation. Where that promises less, the cell is played
  with what there is, and marked ${marks.less} if the promise is kept: tinypool's destroy()
  rejects all tasks, workerpool's terminate() the queued ones; destroy() of poolifier and
  end() of jest-worker promise nothing for the tasks in the pool, which may then never
  settle.
- workerpool, poolifier and jest-worker have one module a pool. If that cannot be
  imported all tasks must fail; that is what import-fails and import-endless test there.
- jest-worker cannot abort a task. It retries a task whose worker crashed three times,
  as documented. It and poolifier's cluster worker load modules with require(), which
  refuses a top-level await: there import-endless is a second import-fails.
- A function in a result of jest-worker becomes null by intention, says a comment in its
  source.
- Decoding fails since V8 needs more stack to read nested objects than to write them.
  What can be nested how deep depends on the version of Node.js and on the processor.
- poolifier has no queue by default: a worker gets all tasks at once. With the queue it
  runs one at a time, as the others do. Without it argument-function and
  argument-getter are right.
- Where a library lets one choose how processes serialize, it is 'advanced', the
  structured clone algorithm. With the default of child_process, JSON, functions are
  lost without an error.
- Some cells of other libraries depend on timing, above all during a shutdown, and
  differ from run to run between wrong and hang, or between right and wrong.
- Memory is limited with --max-old-space-size for all libraries alike.
- A cell that needs more than ${String(LIMIT / 1_000)} seconds on a slow machine counts as a hang.

## How to repeat it

\`\`\`sh
npm ci
npm run failures -- --markdown docs/failures.md   # about four minutes
npm run failures -- --library executor            # one library
npm run failures -- --failure exit-0 throw-null --json rows.json
npm run failures -- --help
\`\`\`

It needs a POSIX system. The exit status is 1 if a cell of the executor is not right.
`;
}

/**
 * What went wrong with a library: an item for each detail, with the failures that had
 * it in the same places together.
 *
 * @param {readonly Row[]} rows
 * @param {string} library
 */
function notRight(rows, library) {
  const bad = rows.filter(
    (row) => row.library === library && row.verdict !== 'right',
  );
  const items = groupBy(
    bad,
    ({ verdict, detail }) => `${verdict}, ${code(detail)}`,
  ).map(([what, alike]) => {
    const byFailure = groupBy(alike, ({ failure }) => failure).map(
      ([failure, own]) => ({ failure, where: places(own) }),
    );
    const parts = groupBy(byFailure, ({ where }) => where).map(
      ([where, those]) =>
        `${those.map(({ failure }) => failure).join(', ')} (${where})`,
    );
    return `- ${what}: ${parts.join('; ')}`;
  });
  return `### ${library}\n\n${items.join('\n') || 'Nothing.'}`;
}

/**
 * @template T
 * @param {readonly T[]} values
 * @param {(value: T) => string} keyOf
 * @returns {[string, T[]][]} in the order in which the keys come first
 */
function groupBy(values, keyOf) {
  /** @type {Map<string, T[]>} */
  const groups = new Map();
  for (const value of values) {
    const key = keyOf(value);
    groups.set(key, [...(groups.get(key) ?? []), value]);
  }
  return [...groups];
}

/** `thread idle/full, process full`. @param {readonly Row[]} rows */
function places(rows) {
  return columnsOf(rows)
    .map(({ backend }) => {
      const pools = poolStates.filter((state) =>
        rows.some((row) => row.backend === backend && row.pool === state),
      );
      return `${backend} ${pools.join('/')}`;
    })
    .join(', ');
}

/** @param {string} text */
const code = (text) => `\`${text.replaceAll('`', "'")}\``;
