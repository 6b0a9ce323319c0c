const none: ReadonlySet<never> = new Set<never>();

/** Several values per name. A name without values takes no memory. */
export class SetMap<Value> {
  readonly #sets = new Map<string, Set<Value>>();

  get(name: string): ReadonlySet<Value> {
    return this.#sets.get(name) ?? none;
  }

  add(name: string, value: Value): void {
    const set = this.#sets.get(name);
    if (set) set.add(value);
    else this.#sets.set(name, new Set([value]));
  }

  delete(name: string, value: Value): void {
    const set = this.#sets.get(name);
    if (set?.delete(value) && set.size === 0) this.#sets.delete(name);
  }
}
