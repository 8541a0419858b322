import { parseArgs } from 'node:util';

/** Options of the commands among the tests. */
export class CommandOptions {
  #program;

  /** @param {string} program for messages */
  constructor(program) {
    this.#program = program;
  }

  /**
   * The texts of the options with these names. With --help it shows the usage and exits.
   *
   * @template {string} T
   * @param {readonly T[]} names
   * @param {string} usage
   * @returns {Readonly<Partial<Record<T, string>>>}
   */
  parse(names, usage) {
    const { help, ...values } = this.#parse(names);
    if (help === true) {
      console.log(usage);
      process.exit(0);
    }
    return /** @type {Partial<Record<T, string>>} */ (values); // all are strings
  }

  /**
   * @param {readonly string[]} names
   * @returns {Record<string, unknown>}
   */
  #parse(names) {
    const texts = names.map((name) => [name, { type: 'string' }]);
    try {
      return parseArgs({
        options: {
          ...Object.fromEntries(texts),
          help: { type: 'boolean', short: 'h' },
        },
      }).values;
    } catch (error) {
      // The first sentence says what is wrong; the rest is about `--`.
      const message = error instanceof Error ? error.message : String(error);
      return this.refuse(message.split('. ')[0] ?? '');
    }
  }

  /**
   * @param {string} name
   * @param {string | undefined} text
   * @param {number} min
   * @param {number} max
   */
  integer(name, text, min, max) {
    if (text === undefined) return undefined;
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    return this.refuse(
      `${name} must be an integer from ${String(min)} to ${String(max)}, got ${JSON.stringify(text)}`,
    );
  }

  /**
   * @template {string} T
   * @param {string} name
   * @param {string | undefined} text
   * @param {readonly T[]} choices
   * @returns {readonly T[]} all of them if there is no text
   */
  choices(name, text, choices) {
    if (text === undefined) return choices;
    const chosen = choices.filter((choice) => choice === text);
    if (chosen.length > 0) return chosen;
    return this.refuse(
      `${name} must be one of ${choices.join(', ')}, got ${text}`,
    );
  }

  /** @param {string} problem @returns {never} */
  refuse(problem) {
    console.error(`${this.#program}: ${problem}; see --help`);
    process.exit(2);
  }
}
