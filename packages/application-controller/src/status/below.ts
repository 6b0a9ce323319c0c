import type { LiveChange, LiveNode, LiveState } from '@plumbline/cluster';
import type { ResourceKey } from '@plumbline/manifests';
import type { ResourceState } from '../compare/compare-state.ts';

/** What an Application's objects tell for its summary. */
export interface SummaryFacts {
  images: ReadonlySet<string>;
  urls: ReadonlySet<string>;
}

/**
 * What objects below the managed ones add to the summary of an Application: the images of Pods and the addresses of whatever
 * has some (reference §1.5: the summary counts every node of the tree). Changes below cause no pass; {@link isNews} and
 * {@link isStale} tell, at the cost of the objects that changed, when one is needed all the same.
 */
export class Below {
  readonly #application: string;
  readonly #live: LiveState;
  readonly #roots: readonly string[];
  /** What the summary tells in all. */
  readonly #known: SummaryFacts;
  /** What of that it tells because of objects below alone. */
  readonly #extra: SummaryFacts;

  /** @param own what the declared and managed objects tell themselves */
  constructor(
    resources: readonly ResourceState[],
    { application, live, own }: { application: string; live: LiveState; own: SummaryFacts },
  ) {
    this.#application = application;
    this.#live = live;
    this.#roots = resources.flatMap((item) => (item.live ? [item.live.uid] : []));
    const [images, urls] = [new Set<string>(), new Set<string>()];
    for (const node of this.#nodes()) {
      for (const image of podImages(node)) if (!own.images.has(image)) images.add(image);
      for (const url of urlsOf(node)) if (!own.urls.has(url)) urls.add(url);
    }
    this.#extra = { images, urls };
    this.#known = { images: new Set([...own.images, ...images]), urls: new Set([...own.urls, ...urls]) };
  }

  /** Own facts and those below. */
  get facts(): SummaryFacts {
    return this.#known;
  }

  /** Whether something below may have gone that the summary tells because of it: worth a look by {@link isStale}. */
  get mayFade(): boolean {
    return this.#extra.images.size + this.#extra.urls.size > 0;
  }

  /** Whether one of the changed objects tells something new. */
  isNews({ keys }: LiveChange): boolean {
    return keys.some((key) => {
      const node = this.#live.get(key);
      if (!node) return false;
      const known =
        podImages(node).every((image) => this.#known.images.has(image)) &&
        urlsOf(node).every((url) => this.#known.urls.has(url));
      return !known && this.#belongs(node);
    });
  }

  /** Whether nothing tells any more what only objects below told. Ends at the first objects that tell all of it. */
  isStale(): boolean {
    const [images, urls] = [new Set(this.#extra.images), new Set(this.#extra.urls)];
    for (const node of this.#nodes()) {
      if (images.size + urls.size === 0) return false;
      for (const image of podImages(node)) images.delete(image);
      for (const url of urlsOf(node)) urls.delete(url);
    }
    return images.size + urls.size > 0;
  }

  *#nodes(): Iterable<LiveNode> {
    for (const uid of this.#roots) yield* this.#live.descendants(uid);
  }

  #belongs(node: LiveNode, seen: ReadonlySet<string> = new Set()): boolean {
    if (node.object && node.application === this.#application) return true;
    if (seen.has(node.uid)) return false;
    const path = new Set([...seen, node.uid]);
    return node.owners.some(({ uid, key }) => {
      const owner = this.#live.get(key);
      return owner?.uid === uid && this.#belongs(owner, path);
    });
  }
}

/** Templates below (a ReplicaSet of an earlier revision) run nothing by themselves. */
function podImages({ key, images }: LiveNode): readonly string[] {
  return isPod(key) ? images : [];
}

function isPod({ group, kind }: ResourceKey): boolean {
  return kind === 'Pod' && group === '';
}

function urlsOf({ networkingInfo }: LiveNode): readonly string[] {
  return networkingInfo?.externalURLs ?? [];
}
