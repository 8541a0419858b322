import type { AnyIterable } from './feed.ts';

/** The first items of all iterables, then the second ones, until one of them ends. */
export function zip(
  iterables: readonly AnyIterable<unknown>[],
): AnyIterable<readonly unknown[]> {
  const isSync = (
    iterable: AnyIterable<unknown>,
  ): iterable is Iterable<unknown> => !(Symbol.asyncIterator in iterable);
  return iterables.every(isSync) ? zipSync(iterables) : zipAsync(iterables);
}

function* zipSync(
  iterables: readonly Iterable<unknown>[],
): Generator<readonly unknown[]> {
  const [only] = iterables;
  if (only === undefined) return;
  if (iterables.length === 1) {
    for (const item of only) yield [item];
    return;
  }
  const iterators = iterables.map((iterable) => iterable[Symbol.iterator]());
  try {
    for (;;) {
      const steps = iterators.map((iterator) => iterator.next());
      if (steps.some((step) => step.done)) return;
      yield steps.map((step) => step.value as unknown);
    }
  } finally {
    for (const iterator of iterators) iterator.return?.();
  }
}

async function* zipAsync(
  iterables: readonly AnyIterable<unknown>[],
): AsyncGenerator<readonly unknown[]> {
  const iterators = iterables.map((iterable) =>
    Symbol.asyncIterator in iterable
      ? iterable[Symbol.asyncIterator]()
      : iterable[Symbol.iterator](),
  );
  try {
    for (;;) {
      const steps = await Promise.all(
        iterators.map(async (iterator) => iterator.next()),
      );
      if (steps.some((step) => step.done)) return;
      yield steps.map((step) => step.value as unknown);
    }
  } finally {
    await Promise.all(iterators.map(async (iterator) => iterator.return?.()));
  }
}
