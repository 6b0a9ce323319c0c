interface Flight<T> {
  current: Promise<T>;
  /** Those who came while `current` was under way: they share the next one. */
  next: Promise<T> | undefined;
}

/**
 * Shares calls by key, but never gives a caller the answer of a call that began before it asked: at most one call is
 * under way and one more waits behind it, for everyone who came meanwhile.
 */
export class TrailingFlight<T> {
  readonly #flights = new Map<string, Flight<T>>();

  join(key: string, start: () => Promise<T>): Promise<T> {
    const flight = this.#flights.get(key);
    if (!flight) return this.#begin(key, start);
    flight.next ??= flight.current.then(
      () => this.#begin(key, start),
      () => this.#begin(key, start),
    );
    return flight.next;
  }

  #begin(key: string, start: () => Promise<T>): Promise<T> {
    const current = start();
    const flight: Flight<T> = { current, next: undefined };
    this.#flights.set(key, flight);
    const done = () => {
      if (this.#flights.get(key) === flight && !flight.next) this.#flights.delete(key);
    };
    current.then(done, done);
    return current;
  }
}
