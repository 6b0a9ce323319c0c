const none: ReadonlySet<never> = new Set<never>();

/**
 * Several values per name. A name without values takes no memory, one with a single value no set: of most objects there
 * is one child, and an empty set alone is as large as all else that is kept of an object.
 */
export class SetMap<Value extends object> {
  readonly #values = new Map<string, Value | Set<Value>>();

  get(name: string): ReadonlySet<Value> {
    const found = this.#values.get(name);
    if (found === undefined) return none;
    return found instanceof Set ? found : new Set([found]);
  }

  add(name: string, value: Value): void {
    const found = this.#values.get(name);
    if (found === undefined) this.#values.set(name, value);
    else if (found instanceof Set) found.add(value);
    else if (found !== value) this.#values.set(name, new Set([found, value]));
  }

  delete(name: string, value: Value): void {
    const found = this.#values.get(name);
    if (found === value) this.#values.delete(name);
    else if (found instanceof Set && found.delete(value) && found.size === 0) this.#values.delete(name);
  }

  /** Names that have values. */
  names(): Iterable<string> {
    return this.#values.keys();
  }
}
