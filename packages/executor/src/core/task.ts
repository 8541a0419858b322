import { TaskInvalidError, TaskNotFoundError } from './errors.ts';
import { isInlineModule } from './inline-url.ts';
import { ModuleRegistry } from './registry.ts';

/**
 * Where a worker finds a task again: the module that it imports, and the name
 * under which the module registers or exports the function.
 */
export interface TaskAddress {
  /** URL of the module, from `import.meta.url`. */
  readonly module: string;
  readonly name: string;
  /** What the task is called in messages and events, if not by its name. */
  readonly label?: string;
}

// Symbol.for: two copies of this package in one program see each other's tasks.
const address = Symbol.for('@concurrent-executors/task-address');

/** What tells a task from other functions. */
export interface TaskMarker {
  readonly [address]: TaskAddress;
}

/**
 * A function that workers can find again. It is the function itself: calling it
 * runs it here.
 */
export type Task<A extends readonly unknown[], R> = ((...args: A) => R) &
  TaskMarker;

/** Any function, where its types do not matter. */
export type TaskFunction = (...args: never[]) => unknown;

/** A path is none, and a drive of Windows neither. */
const urlScheme = /^[a-z][a-z\d+.-]+:/i;

/** @throws TaskInvalidError if workers could not import it: they know nothing of this module */
function assertModuleUrl(caller: string, url: unknown): void {
  if (typeof url === 'string' && urlScheme.test(url)) return;
  const what = typeof url === 'string' ? JSON.stringify(url) : typeof url;
  throw new TaskInvalidError(
    `${caller} expects the URL of a module as a string, got ${what}: pass import.meta.url, or import.meta.resolve('./tasks.js') for another module`,
  );
}

/** The tasks that the modules loaded here have registered, by module and name. */
const registered = new ModuleRegistry<unknown>();

const keyOf = ({ module, name }: TaskAddress): string => `${module}#${name}`;

/**
 * Registers a named function as a task, so that workers find it by the URL of
 * its module and its name, as pickle finds a Python function.
 *
 * Call it at the top level of a module without side effects: workers import it.
 *
 * @example
 * export const check = task(import.meta.url, function check(n: bigint) { … });
 * @throws TaskInvalidError if there is no URL or no function, the function has no name, or the
 *   module has already registered another function under it
 */
export function task<F extends (...args: never[]) => unknown>(
  moduleUrl: string,
  fn: F,
): F & TaskMarker {
  assertModuleUrl('task()', moduleUrl);
  if (typeof (fn as unknown) !== 'function') {
    throw new TaskInvalidError(`task() expects a function, got ${typeof fn}`);
  }
  const found: TaskAddress = { module: moduleUrl, name: fn.name };
  if (fn.name === '') {
    throw new TaskInvalidError(
      `task() in ${moduleUrl} got a function without a name: workers find a task by its name; write function check(…) { … }`,
    );
  }
  if (!registered.add(keyOf(found), fn)) {
    throw new TaskInvalidError(
      `task() in ${moduleUrl} got a second function named ${fn.name}: names must be unique in a module; rename one`,
    );
  }
  return Object.defineProperty(fn, address, {
    value: found,
    configurable: true,
  }) as F & TaskMarker; // defineProperty keeps the type of its target
}

/** The functions among a module's exports, as tasks. */
export type ModuleTasks<M> = {
  readonly [
    K in keyof M as M[K] extends (...args: never[]) => unknown ? K : never
  ]: M[K] extends (...args: infer A) => infer R
    ? Task<A, Promise<Awaited<R>>>
    : never;
};

/**
 * Typed references to the exported functions of any module, also of one that
 * knows nothing of this library. The module is imported when a task runs.
 *
 * @param moduleUrl a URL, for instance from `import.meta.resolve('some-package')`
 * @example
 * const zlib = moduleTasks<typeof import('node:zlib')>('node:zlib');
 * pool.submit(zlib.gzipSync, buffer);
 */
export function moduleTasks<M extends object>(
  moduleUrl: string,
): ModuleTasks<M> {
  assertModuleUrl('moduleTasks()', moduleUrl);
  const references = new Map<string, unknown>();
  // The exports are known to the type only, so a proxy makes a reference for
  // each name asked for; a wrong name shows up as TaskNotFoundError at the run.
  return new Proxy(Object.create(null) as ModuleTasks<M>, {
    get(_target, name) {
      // `then` is asked for by await, which must not take this for a promise.
      if (typeof name === 'symbol' || name === 'then') return undefined;
      let reference = references.get(name);
      if (reference === undefined) {
        reference = taskAt({ module: moduleUrl, name });
        references.set(name, reference);
      }
      return reference;
    },
  });
}

/** A reference to a task that is loaded when it is called. */
export function taskAt(
  found: TaskAddress,
): Task<readonly unknown[], Promise<unknown>> {
  const reference = async (...args: readonly unknown[]): Promise<unknown> =>
    (await loadTask(found))(...args);
  return Object.defineProperties(reference, {
    name: { value: found.name },
    [address]: { value: found },
  }) as typeof reference & TaskMarker; // defineProperties keeps the type of its target
}

/** The address of a task, or a TaskInvalidError that says how to make one. */
export function addressOf(candidate: unknown): TaskAddress {
  if (typeof candidate === 'function' && address in candidate) {
    return candidate[address] as TaskAddress; // only task() and taskAt() set it
  }
  const what =
    typeof candidate === 'function'
      ? `function ${candidate.name || '(anonymous)'}`
      : typeof candidate;
  throw new TaskInvalidError(
    `expected a task, got ${what}: threads and processes can only run functions that they can find again; wrap it as task(import.meta.url, function name(…) { … }), or as inline(…)`,
  );
}

/** Imports a module, and gives what it exports. */
type LoadModule = (url: string) => Promise<Readonly<Record<string, unknown>>>;

/**
 * Imports the module of a task and returns the function: the registered one,
 * else the export of that name.
 *
 * @throws what the module throws when it is imported
 * @throws TaskNotFoundError if it has no such task
 */
async function loadTask(
  found: TaskAddress,
  load: LoadModule = (url) => import(url),
): Promise<(...args: readonly unknown[]) => unknown> {
  if (isInlineModule(found.module)) {
    // Only now: few programs have such tasks, and all threads would load it.
    const { loadInline } = await import('./inline-module.ts');
    return loadInline(found.module, found.name);
  }
  const exports = await load(found.module);
  const fn = registered.get(keyOf(found)) ?? exports[found.name];
  if (typeof fn !== 'function') {
    throw new TaskNotFoundError(
      `${found.module} has no task named ${found.name}: register it at the top level of that module with task(import.meta.url, …), or export it`,
    );
  }
  return fn as (...args: readonly unknown[]) => unknown; // its types were checked at submit
}

/** How many task modules this worker is importing at this moment. */
let loading = 0;

/** loadTask in a worker: while it runs, isLoadingInWorker() is true. */
export async function loadTaskInWorker(
  found: TaskAddress,
  load?: LoadModule,
): Promise<(...args: readonly unknown[]) => unknown> {
  loading += 1;
  try {
    return await loadTask(found, load);
  } finally {
    loading -= 1;
  }
}

/**
 * True while a worker imports a task's module. A module that starts a pool at
 * that moment would do so in every worker, and these in theirs, without end.
 */
export function isLoadingInWorker(): boolean {
  return loading > 0;
}
