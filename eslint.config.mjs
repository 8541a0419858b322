import eslint from '@eslint/js';
import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import { defineConfig, globalIgnores } from 'eslint/config';
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';

// The arrows of ARCHITECTURE.md between projects.
const depConstraints = [
  { sourceTag: 'type:app', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'scope:executor', onlyDependOnLibsWithTags: [] },
  {
    sourceTag: 'scope:executor-bullmq',
    onlyDependOnLibsWithTags: ['scope:executor'],
  },
  { sourceTag: 'scope:primes', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'scope:progress', onlyDependOnLibsWithTags: [] },
  {
    sourceTag: 'scope:pool-view',
    onlyDependOnLibsWithTags: ['scope:executor', 'scope:progress'],
  },
  {
    sourceTag: 'scope:flags',
    onlyDependOnLibsWithTags: [
      'scope:flags',
      'scope:executor',
      'scope:executor-bullmq',
      'scope:progress',
    ],
  },
  {
    sourceTag: 'scope:demo',
    onlyDependOnLibsWithTags: ['scope:executor', 'scope:pool-view'],
  },
  {
    sourceTag: 'scope:procs',
    onlyDependOnLibsWithTags: [
      'scope:executor',
      'scope:executor-bullmq',
      'scope:pool-view',
      'scope:primes',
      'scope:progress',
    ],
  },
];

// The arrows of ARCHITECTURE.md inside the executor: what each folder may import.
const executorFolders = {
  core: [],
  observe: ['core'],
  opentelemetry: ['core/clock.ts', 'core/events.ts', 'observe'],
  wire: [
    'core/call-kind.ts',
    'core/clock.ts',
    'core/error-classes.ts',
    'core/errors.ts',
    'core/task.ts',
  ],
  pool: ['core', 'wire'],
  backends: ['core', 'wire', 'pool'],
  worker: [
    'core/call-kind.ts',
    'core/clock.ts',
    'core/errors.ts',
    'core/task.ts',
    'core/stream-run.ts',
    'core/thenable.ts',
    'core/task-context.ts',
    'wire',
  ],
};

// And inside flags-common; `run.ts` and its neighbours may import all of them.
const flagsFolders = {
  server: ['servers.ts'],
  trace: [],
  exchange: ['errors.ts', 'json.ts', 'trace'],
  list: ['errors.ts'],
  download: ['errors.ts', 'json.ts', 'trace', 'exchange', 'list'],
  record: ['errors.ts', 'json.ts', 'trace', 'list', 'download'],
  cli: ['errors.ts', 'list', 'program.ts', 'servers.ts', 'version.ts'],
  embedded: ['server'],
};

/** @param {string} source @param {Record<string, string[]>} folders */
const zonesOf = (source, folders) =>
  Object.entries(folders).map(([folder, imports]) => ({
    target: `./${source}/${folder}`,
    from: `./${source}`,
    except: [folder, ...imports].map((path) => `./${path}`),
    message: `${folder}/ may import only ${[folder, ...imports].join(', ')}.`,
  }));
// And inside executor-bullmq: submitters and workers meet in Redis only.
const bullmqFolders = {
  redis: [],
  wire: ['errors.ts'],
  submit: ['errors.ts', 'redis', 'wire'],
  worker: ['errors.ts', 'options.ts', 'redis', 'wire'],
  cli: ['wire/names.ts', 'worker'],
};

const zones = [
  ...zonesOf('packages/executor/src', executorFolders),
  ...zonesOf('packages/flags-common/src', flagsFolders),
  ...zonesOf('packages/executor-bullmq/src', bullmqFolders),
];

export default defineConfig(
  globalIgnores([
    '**/dist',
    '**/out-tsc',
    '**/coverage',
    '**/test-output',
    '.nx',
  ]),
  eslint.configs.recommended,
  { plugins: { '@nx': nx } },
  { files: ['**/*.mjs'], languageOptions: { globals: globals.node } },
  {
    files: ['**/*.ts'],
    extends: [
      tseslint.configs.strictTypeChecked,
      tseslint.configs.stylisticTypeChecked,
    ],
    languageOptions: {
      parserOptions: {
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  {
    files: ['**/*.ts', '**/*.mjs', '**/*.js'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          allowCircularSelfDependency: true, // tests import their own package by name
          allow: ['^(\\.\\./)+tools/'],
          // Its options are part of the command line; the rest is loaded when it is asked for.
          checkDynamicDependenciesExceptions: [
            '@concurrent-executors/pool-view/options',
          ],
          depConstraints,
        },
      ],
    },
  },
  {
    files: ['packages/*/src/**'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          depConstraints: [
            ...depConstraints,
            { sourceTag: 'npm:none', bannedExternalImports: ['*'] },
          ],
        },
      ],
    },
  },
  {
    // A subpath of its own, for those who have the package: an optional peer.
    files: ['packages/executor/src/opentelemetry/**'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: true,
          depConstraints: [
            ...depConstraints,
            {
              sourceTag: 'npm:none',
              allowedExternalImports: ['@opentelemetry/api'],
            },
          ],
        },
      ],
    },
  },
  {
    // Its libraries are put into the page when it is built.
    files: ['packages/executor/src/observe/page/**'],
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { enforceBuildableLibDependency: true, depConstraints },
      ],
    },
  },
  {
    files: ['**/*.ts'],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createNodeResolver({
          conditionNames: ['@concurrent-executors/source', 'import', 'node'],
        }),
      ],
      'import-x/extensions': ['.ts'],
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-self-import': 'error',
      'import-x/no-restricted-paths': [
        'error',
        { basePath: import.meta.dirname, zones },
      ],
    },
  },
  {
    files: ['**/package.json'],
    languageOptions: { parser: await import('jsonc-eslint-parser') },
    rules: {
      '@nx/dependency-checks': [
        'error',
        {
          ignoredFiles: [
            '{projectRoot}/vitest.config.mjs',
            '{projectRoot}/test/**/*',
            '{projectRoot}/eslint.config.mjs',
            '{projectRoot}/src/observe/page/**/*',
          ],
        },
      ],
    },
  },
  prettier,
);
