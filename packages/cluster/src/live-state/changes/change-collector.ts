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

/** What a change of an object means for the Applications that it belongs to. */
export type ChangeDepth = 'compare' | 'facts' | 'below';

/**
 * Gathers what changes within one turn of the event loop and tells it right after: one change for the applications to
 * compare again, one for those whose health moved only, one for those where only objects below managed ones changed, and one
 * that names no applications for CustomResourceDefinitions, and one for the namespaces of objects that nobody manages or that
 * have changed themselves; and one for the applications whose objects another has taken over.
 */
export class ChangeCollector {
  readonly #listeners = new Set<(change: LiveChange) => void>();
  readonly #onError: (error: unknown) => void;
  readonly #onBatch: ((batch: { changes: number; seconds: number }) => void) | undefined;
  #compare = empty();
  #facts = empty();
  #below = empty();
  #lost = empty();
  #definitions: ResourceKey[] = [];
  #loose = new Set<string>();
  #namespaces = new Set<string>();
  #scheduled = false;

  /** @param onBatch is told of every turn: how many changes it told, and how long the listeners took */
  constructor(onError: (error: unknown) => void, onBatch?: (batch: { changes: number; seconds: number }) => void) {
    this.#onError = onError;
    this.#onBatch = onBatch;
  }

  listen(listener: (change: LiveChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Notes a change of an object that concerns the applications; nothing where there are none, but for definitions. */
  add(applications: Iterable<string>, { depth, key }: { depth: ChangeDepth; key: ResourceKey }): void {
    const pending = depth === 'compare' ? this.#compare : depth === 'facts' ? this.#facts : this.#below;
    let concerned = false;
    for (const application of applications) {
      pending.applications.add(application);
      concerned = true;
    }
    if (concerned) pending.keys.push(key);
    else if (isDefinition(key)) this.#definitions.push(key);
    else return;
    this.#schedule();
  }

  /** Notes that an object which no application manages has come to a namespace, or gone. */
  addLoose(namespace: string): void {
    this.#loose.add(namespace);
    this.#schedule();
  }

  /** Notes that a Namespace itself has come, changed or gone. */
  addNamespace(name: string): void {
    this.#namespaces.add(name);
    this.#schedule();
  }

  /** Notes that another application has taken an object over from this one. */
  addLost(application: string, key: ResourceKey): void {
    this.#lost.applications.add(application);
    this.#lost.keys.push(key);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    const [compare, facts, below, lost] = [this.#compare, this.#facts, this.#below, this.#lost];
    this.#compare = empty();
    this.#facts = empty();
    this.#below = empty();
    this.#lost = empty();
    const [definitions, loose, namespaces] = [this.#definitions, this.#loose, this.#namespaces];
    this.#definitions = [];
    this.#loose = new Set();
    this.#namespaces = new Set();
    const started = performance.now();
    if (compare.applications.size > 0) this.#tell({ ...compare, managed: true, below: false });
    if (facts.applications.size > 0) this.#tell({ ...facts, managed: false, below: false });
    if (below.applications.size > 0) this.#tell({ ...below, managed: false, below: true });
    if (lost.applications.size > 0) this.#tell({ ...lost, managed: true, below: false, takenOver: true });
    if (definitions.length > 0) this.#tell({ ...empty(), managed: true, below: false, keys: definitions });
    if (loose.size > 0) this.#tell({ ...empty(), managed: false, below: false, loose });
    if (namespaces.size > 0) this.#tell({ ...empty(), managed: false, below: false, namespaces });
    const changes = compare.keys.length + facts.keys.length + below.keys.length + definitions.length;
    this.#onBatch?.({ changes, seconds: (performance.now() - started) / 1000 });
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
