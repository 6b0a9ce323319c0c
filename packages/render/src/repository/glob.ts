/** One step of a pattern: what it takes of a path. */
type Step =
  | { kind: 'one'; takes: (character: string) => boolean }
  | { kind: 'any'; takes: (character: string) => boolean }
  /** None or more whole folders, each with its `/`. */
  | { kind: 'folders' };

export interface GlobOptions {
  /** Let `*` and `?` take a `/` too. Then `**` is as `*`. Default: they stop at it. */
  crossing?: boolean;
}

/** More alternatives than these, written out, make a pattern that matches nothing. */
const maxAlternatives = 1_000;

/** The end of the braces that open at an index, and the commas that part their alternatives. */
function bracesAt(pattern: string, open: number): { end: number; cuts: number[] } | undefined {
  const cuts: number[] = [];
  let depth = 0;
  for (let index = open; index < pattern.length; index += 1) {
    const character = pattern[index];
    if (character === '\\') index += 1;
    else if (character === '{') depth += 1;
    else if (character === ',' && depth === 1) cuts.push(index);
    else if (character === '}') depth -= 1;
    if (depth === 0 && character === '}') return { end: index, cuts };
  }
  return undefined;
}

function firstBrace(pattern: string): number {
  for (let index = 0; index < pattern.length; index += 1) {
    if (pattern[index] === '\\') index += 1;
    else if (pattern[index] === '{') return index;
  }
  return -1;
}

/** The patterns without braces that one with them stands for; undefined where they are too many. */
function alternatives(pattern: string): string[] | undefined {
  const done: string[] = [];
  const open = [pattern];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const start = firstBrace(next);
    const braces = start < 0 ? undefined : bracesAt(next, start);
    if (!braces) {
      done.push(next);
    } else {
      const bounds = [start, ...braces.cuts, braces.end];
      for (const [index, bound] of bounds.slice(0, -1).entries()) {
        open.push(next.slice(0, start) + next.slice(bound + 1, bounds[index + 1]) + next.slice(braces.end + 1));
      }
    }
    if (done.length + open.length > maxAlternatives) return undefined;
  }
  return done;
}

/** `[abc]`, `[a-z]`, `[!a]`, `[^a]`; undefined where it does not end. */
function characterClass(
  pattern: readonly string[],
  start: number,
): { takes: (character: string) => boolean; next: number } | undefined {
  const negated = pattern[start + 1] === '!' || pattern[start + 1] === '^';
  const singles = new Set<string>();
  const ranges: [string, string][] = [];
  let index = start + (negated ? 2 : 1);
  for (const first = index; index < pattern.length && (pattern[index] !== ']' || index === first); index += 1) {
    if (pattern[index] === '\\') index += 1;
    const low = pattern[index] ?? '';
    if (pattern[index + 1] === '-' && ![']', undefined].includes(pattern[index + 2])) {
      ranges.push([low, pattern[index + 2] ?? '']);
      index += 2;
    } else singles.add(low);
  }
  if (index >= pattern.length) return undefined;
  const has = (character: string) =>
    singles.has(character) || ranges.some(([low, high]) => low <= character && character <= high);
  return { takes: (character) => has(character) !== negated, next: index + 1 };
}

function stepsOf(text: string, crossing: boolean): Step[] {
  // Whole characters, as paths are matched: some take two places in a string.
  const pattern = [...text];
  const startsWith = (index: number, ...characters: string[]) =>
    characters.every((character, offset) => pattern[index + offset] === character);
  const inFolder = (character: string) => crossing || character !== '/';
  const steps: Step[] = [];
  for (let index = 0; index < pattern.length; ) {
    const character = pattern[index] ?? '';
    const startsFolder = index === 0 || pattern[index - 1] === '/';
    const found = character === '[' ? characterClass(pattern, index) : undefined;
    if (!crossing && startsFolder && startsWith(index, '*', '*', '/')) {
      steps.push({ kind: 'folders' });
      index += 3;
    } else if (!crossing && startsFolder && startsWith(index, '*', '*') && index + 2 === pattern.length) {
      steps.push({ kind: 'any', takes: () => true });
      index += 2;
    } else if (character === '*') {
      steps.push({ kind: 'any', takes: inFolder });
      index += 1;
    } else if (character === '?') {
      steps.push({ kind: 'one', takes: inFolder });
      index += 1;
    } else if (found) {
      steps.push({ kind: 'one', takes: (each) => inFolder(each) && found.takes(each) });
      index = found.next;
    } else {
      const literal = character === '\\' ? (pattern[index + 1] ?? '\\') : character;
      steps.push({ kind: 'one', takes: (each) => each === literal });
      index += character === '\\' ? 2 : 1;
    }
  }
  return steps;
}

/** States of one matcher: the steps that may come next, each once for a character. */
class States {
  readonly #steps: readonly Step[];
  /** The number of the character that last led to a step. */
  readonly #reached: Int32Array;
  #round = 0;
  #now: number[] = [];

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
    this.#reached = new Int32Array(steps.length + 1);
  }

  matches(path: string): boolean {
    this.#begin();
    this.#enter(0);
    for (const character of path) {
      const before = this.#begin();
      if (before.length === 0) return false;
      for (const state of before) this.#advance(state, character);
    }
    return this.#now.includes(this.#steps.length);
  }

  #begin(): readonly number[] {
    const before = this.#now;
    this.#now = [];
    this.#round += 1;
    return before;
  }

  #add(state: number): void {
    if (this.#reached[state] === this.#round) return;
    this.#reached[state] = this.#round;
    this.#now.push(state);
  }

  /** Adds a state, and those that are reached from it without taking anything. */
  #enter(first: number): void {
    for (let state = first; ; state += 1) {
      this.#add(state);
      const kind = this.#steps[state]?.kind;
      if (kind !== 'any' && kind !== 'folders') return;
    }
  }

  #advance(state: number, character: string): void {
    const step = this.#steps[state];
    if (step === undefined) return;
    if (step.kind === 'one' && step.takes(character)) this.#enter(state + 1);
    if (step.kind === 'any' && step.takes(character)) this.#enter(state);
    if (step.kind !== 'folders') return;
    // Left only after a `/`: until then the state stays alone, without the way out of it.
    if (character === '/') this.#enter(state);
    else this.#add(state);
  }
}

/**
 * A matcher of whole paths: `*`, `?`, `[a-z]`, `[!a]`, `{a,b}`, `\` for the next character as it is, and between slashes
 * `**` for none or more folders. It takes time in proportion to pattern and path, whatever they are: people who may write an
 * Application choose both.
 */
export function createGlob(pattern: string, { crossing = false }: GlobOptions = {}): (path: string) => boolean {
  const compiled = (alternatives(pattern) ?? []).map((each) => new States(stepsOf(each, crossing)));
  return (path) => compiled.some((states) => states.matches(path));
}
