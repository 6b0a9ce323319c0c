import { errorMessage, PlumblineError } from '@plumbline/errors';
import type { SettingsProblem } from '../types.ts';

/** Last good value of each key, by object and key, with the text it came from. */
export type GoodValues = Map<string, { text: string; value: unknown }>;

/** What one reading of all settings goes by and leaves behind. */
export interface ReadState {
  /** Good values of the reading before. */
  former: GoodValues;
  /** Good values of this one, filled while reading. */
  good: GoodValues;
  /** Filled while reading. */
  problems: SettingsProblem[];
}

interface ReaderOptions extends ReadState {
  /** For example `ConfigMap argocd-cm`. */
  object: string;
  data: Readonly<Record<string, string>>;
}

/** Reads keys of one ConfigMap or Secret; a value that does not parse becomes a problem and changes nothing. */
export class ValueReader {
  readonly #options: ReaderOptions;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** All keys, sorted. */
  keys(): string[] {
    return Object.keys(this.#options.data).sort();
  }

  /** Notes a problem that no single value's parser sees. */
  report(key: string, message: string): void {
    const { object, problems } = this.#options;
    problems.push({ object, key, message });
  }

  /** The parsed value; the fallback where the key is missing. The same value as long as the text is the same. */
  read<T>(key: string, fallback: T, parse: (text: string) => T): T {
    const { object, data, former, good, problems } = this.#options;
    const id = `${object}/${key}`;
    const text = data[key];
    if (text === undefined) return fallback;
    const known = former.get(id);
    if (known) good.set(id, known);
    if (known?.text === text) return known.value as T;
    try {
      const value = parse(text);
      good.set(id, { text, value });
      return value;
    } catch (error) {
      // A key may be read for two purposes.
      const told = problems.some((problem) => problem.object === object && problem.key === key);
      if (!told) problems.push({ object, key, ...placeOf(error), message: errorMessage(error) });
      return known ? (known.value as T) : fallback;
    }
  }
}

function placeOf(error: unknown): { line?: number } {
  const line = error instanceof PlumblineError ? error.details['line'] : undefined;
  return typeof line === 'number' ? { line } : {};
}
