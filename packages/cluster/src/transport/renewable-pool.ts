import { Dispatcher } from 'undici';

/** A pool of connections that can be left for a new one: requests under way end on the old one, no other goes there. */
export class RenewablePool extends Dispatcher {
  readonly #open: () => Dispatcher;
  readonly #left = new Set<Dispatcher>();
  #current: Dispatcher;

  constructor(open: () => Dispatcher) {
    super();
    this.#open = open;
    this.#current = open();
  }

  renew(): void {
    const old = this.#current;
    this.#current = this.#open();
    this.#left.add(old);
    const forget = () => this.#left.delete(old);
    old.close().then(forget, forget);
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    return this.#current.dispatch(options, handler);
  }

  /** Gives up what is under way. */
  override async destroy(): Promise<void> {
    await Promise.all([this.#current, ...this.#left].map((pool) => pool.destroy()));
  }
}
