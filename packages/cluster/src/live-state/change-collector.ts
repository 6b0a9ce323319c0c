import type { ResourceKey } from '@plumbline/manifests';
import type { LiveChange } from '../types.ts';

interface Pending {
  applications: Set<string>;
  keys: ResourceKey[];
}

function empty(): Pending {
  return { applications: new Set(), keys: [] };
}

/** CustomResourceDefinitions carry no tracking: whose they are is known elsewhere. */
function isDefinition({ group, kind }: ResourceKey): boolean {
  return kind === 'CustomResourceDefinition' && group === 'apiextensions.k8s.io';
}

/**
 * Gathers what changes within one turn of the event loop and tells it right after: one change for the applications to
 * compare again, one for those whose tree or health moved only, and one that names no applications for
 * CustomResourceDefinitions.
 */
export class ChangeCollector {
  readonly #listeners = new Set<(change: LiveChange) => void>();
  readonly #onError: (error: unknown) => void;
  #compare = empty();
  #facts = empty();
  #definitions: ResourceKey[] = [];
  #scheduled = false;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  listen(listener: (change: LiveChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Notes a change of an object that concerns the applications; nothing where there are none, but for definitions. */
  add(applications: Iterable<string>, { managed, key }: { managed: boolean; key: ResourceKey }): void {
    const pending = managed ? this.#compare : this.#facts;
    let concerned = false;
    for (const application of applications) {
      pending.applications.add(application);
      concerned = true;
    }
    if (concerned) pending.keys.push(key);
    else if (isDefinition(key)) this.#definitions.push(key);
    else return;
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const [compare, facts] = [this.#compare, this.#facts];
    this.#compare = empty();
    this.#facts = empty();
    const definitions = this.#definitions;
    this.#definitions = [];
    for (const application of compare.applications) facts.applications.delete(application);
    if (compare.applications.size > 0) this.#tell({ ...compare, managed: true });
    if (facts.applications.size > 0) this.#tell({ ...facts, managed: false });
    if (definitions.length > 0) this.#tell({ applications: new Set(), managed: true, keys: definitions });
  }

  #tell(change: LiveChange): void {
    for (const listener of this.#listeners) {
      try {
        listener(change);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
