/** One step of a pattern: takes a character that fits, or none. */
interface State {
  takes?: RegExp;
  next: number[];
}

/** A group `{a,b}` that is open. */
interface Group {
  start: number;
  end: number;
}

/**
 * A pattern as states that are followed all at once, so that matching takes as many steps as pattern and value are long
 * together, multiplied; never more, whatever somebody has written.
 */
export class GlobStates {
  readonly #states: State[] = [{ next: [] }];
  readonly #groups: Group[] = [];
  #current = 0;

  /** Exactly one character of a kind. */
  one(takes: RegExp): void {
    this.#current = this.#from(this.#current, takes);
  }

  /** Any number of characters of a kind. */
  many(takes: RegExp): void {
    const loop = this.#from(this.#current);
    const taken = this.#from(loop, takes);
    this.#states[taken]?.next.push(loop);
    this.#current = loop;
  }

  /** `{` */
  open(): void {
    const start = this.#from(this.#current);
    this.#groups.push({ start, end: this.#states.push({ next: [] }) - 1 });
    this.#current = start;
  }

  /** `,` in a group. */
  or(): void {
    const group = this.#groups.at(-1);
    if (!group) return;
    this.#states[this.#current]?.next.push(group.end);
    this.#current = this.#from(group.start);
  }

  /** `}` */
  close(): void {
    const group = this.#groups.pop();
    if (!group) return;
    this.#states[this.#current]?.next.push(group.end);
    this.#current = group.end;
  }

  /** The end of the pattern; groups that are open end here. */
  finish(): void {
    while (this.#groups.length > 0) this.close();
    this.#current = this.#from(this.#current);
  }

  #from(state: number, takes?: RegExp): number {
    const made = this.#states.push(takes ? { takes, next: [] } : { next: [] }) - 1;
    this.#states[state]?.next.push(made);
    return made;
  }

  /** All states that are reached without taking a character; those that take one are where the next is looked at. */
  #reached(from: Iterable<number>): Set<number> {
    const found = new Set(from);
    for (const index of found) {
      const state = this.#states[index];
      if (state && !state.takes) for (const next of state.next) found.add(next);
    }
    return found;
  }

  /** Whether the whole value fits. */
  test(value: string): boolean {
    let active = this.#reached([0]);
    for (let index = 0; index < value.length && active.size > 0; index += 1) {
      const character = value[index] ?? '';
      const after = [...active].flatMap((state) => {
        const { takes, next = [] } = this.#states[state] ?? {};
        return takes?.test(character) ? next : [];
      });
      active = this.#reached(after);
    }
    return active.has(this.#current);
  }
}
