import type { LiveNode, SecretMask } from '@plumbline/cluster';
import { applicable } from '@plumbline/diff';
import { isSecret, joinApiVersion, type KubeObject } from '@plumbline/manifests';
import { LRUCache } from 'lru-cache';
import type { Destination } from '../destination/destinations.ts';
import { refOf } from '../object-ref.ts';
import { serverSideApply } from '../operation/server-side-apply.ts';
import type { Predict } from './resource-comparer.ts';

/** What a comparison must ask the server beyond the live-state cache. */
export interface DestinationReader {
  predict: Predict;
  /** The whole object of a node that the cache keeps only the metadata of. */
  bodyOf(node: LiveNode): Promise<KubeObject | undefined>;
}

const keptBodies = 500;

/** Reads for comparisons; bodies are remembered for each version of an object. */
export class LiveReader {
  readonly #mask: SecretMask;
  readonly #bodies = new LRUCache<string, KubeObject>({ max: keptBodies });

  constructor(mask: SecretMask) {
    this.#mask = mask;
  }

  forDestination(destination: Destination): DestinationReader {
    return {
      predict: (target) => this.#predict(target, destination),
      bodyOf: (node) => this.#body(node, destination),
    };
  }

  /**
   * A server-side dry run. A Secret is sent with the digests of its values: that they are other values is known, what
   * is asked is the rest of the object.
   */
  async #predict(target: KubeObject, { client }: Destination): Promise<KubeObject> {
    const sent = applicable(isSecret(target) ? encodeDigests(target) : target);
    const { object: answer } = await serverSideApply(client, sent, { dryRun: true });
    return isSecret(target) ? decodeDigests(answer, this.#mask) : answer;
  }

  async #body(node: LiveNode, { client, server }: Destination): Promise<KubeObject | undefined> {
    const id = `${server} ${node.uid} ${node.resourceVersion}`;
    const known = this.#bodies.get(id);
    if (known) return known;
    const found = await client.find(refOf(node.key, joinApiVersion(node.key.group, node.version)));
    if (!found) return undefined;
    const masked = this.#mask.mask(found);
    this.#bodies.set(id, masked);
    return masked;
  }
}

const marker = 'plumbline-digest:';

function encodeDigests(secret: KubeObject): KubeObject {
  return mapData(secret, (value) => Buffer.from(marker + value).toString('base64'));
}

/** Our digests come back as they were; values of other managers are masked like any live value. */
function decodeDigests(answer: KubeObject, mask: SecretMask): KubeObject {
  const masked = mask.mask(answer);
  const raw = (answer['data'] ?? {}) as Record<string, string>;
  const hidden = (masked['data'] ?? {}) as Record<string, string>;
  const data = Object.fromEntries(
    Object.entries(hidden).map(([name, value]) => {
      const text = Buffer.from(raw[name] ?? '', 'base64').toString('utf8');
      return [name, text.startsWith(marker) ? text.slice(marker.length) : value];
    }),
  );
  return masked['data'] ? { ...masked, data } : masked;
}

function mapData(secret: KubeObject, change: (value: string) => string): KubeObject {
  const data = secret['data'] as Record<string, string> | undefined;
  if (!data) return secret;
  return { ...secret, data: Object.fromEntries(Object.entries(data).map(([name, value]) => [name, change(value)])) };
}
