/**
 * What the modules loaded here have registered, each under the URL of its module
 * and a name: the same on every side that loads the module.
 */
export class ModuleRegistry<T> {
  readonly #entries = new Map<string, T>();
  /** The keys registered since the event loop last turned; see add(). */
  readonly #registering = new Set<string>();

  /**
   * Registers an entry. Returns false, and registers nothing, if the module has
   * already registered one under this key in the same go.
   *
   * A module registers all that it has in one go, so a key that comes again in the
   * same go stands for two things. Later it means that the module was evaluated
   * again, as test runners do: the newest entries count.
   */
  add(key: string, entry: T): boolean {
    if (this.#registering.has(key)) return false;
    if (this.#registering.size === 0) {
      queueMicrotask(() => {
        this.#registering.clear();
      });
    }
    this.#registering.add(key);
    this.#entries.set(key, entry);
    return true;
  }

  get(key: string): T | undefined {
    return this.#entries.get(key);
  }
}
