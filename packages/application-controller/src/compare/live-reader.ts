import type { KubeClient, LiveNode, SecretMask } from '@plumbline/cluster';
import { type ApplyStyle, applicable } from '@plumbline/diff';
import { errorMessage, hasCode, retryClass } from '@plumbline/errors';
import { isRecord, isSecret, joinApiVersion, type KubeObject, keyOf } from '@plumbline/manifests';
import { LRUCache } from 'lru-cache';
import type { Destination } from '../destination/destinations.ts';
import { fieldManager } from '../field-manager.ts';
import { refOf } from '../object-ref.ts';
import { clientSideApply } from '../operation/client-side/client-side-apply.ts';
import { replaceObject } from '../operation/replace-object.ts';
import { serverSideApply } from '../operation/server-side-apply.ts';
import type { Referee } from './resource-comparer.ts';

/** What a comparison must ask the server beyond the live-state cache. */
export interface DestinationReader extends Referee {
  /** The whole object of a node; in that version of its API, where one is named. */
  bodyOf(node: LiveNode, apiVersion?: string): Promise<KubeObject | undefined>;
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
      predict: (target, style) => this.#predict(target, style, destination),
      complete: (object) => this.#complete(object, destination),
      current: (live) => this.#current(live, destination),
      bodyOf: (node, apiVersion) => this.#body(node, apiVersion, destination),
    };
  }

  /**
   * A dry run of the apply. A Secret is sent with the digests of its values: that they are other values is known, what
   * is asked is the rest of the object.
   */
  async #predict(target: KubeObject, style: ApplyStyle, { client }: Destination): Promise<KubeObject> {
    const sent = applicable(isSecret(target) ? encodeDigests(target) : target);
    const answer = await rehearsed(sent, style, client);
    return isSecret(target) ? decodeDigests(answer, this.#mask) : answer;
  }

  /**
   * A dry run of a replace, of whatever version is stored by now where the kind allows that. Undefined where the server
   * refuses it for good.
   */
  async #complete(object: KubeObject, { client }: Destination): Promise<KubeObject | undefined> {
    // It cannot be sent with digests; of its fields only the type has a default.
    if (isSecret(object)) return { type: 'Opaque', ...object };
    const { resourceVersion: _version, ...metadata } = object.metadata;
    const replace = (sent: KubeObject) => client.replace(sent, { fieldManager, dryRun: true });
    try {
      return await replace({ ...object, metadata }).catch((error: unknown) => {
        if (hasCode(error, 'KUBE_INVALID') && /resourceVersion/.test(errorMessage(error))) return replace(object);
        throw error;
      });
    } catch (error) {
      if (retryClass(error) === 'terminal' && !hasCode(error, 'KUBE_CONFLICT')) return undefined;
      throw error;
    }
  }

  async #current(live: KubeObject, { client }: Destination): Promise<KubeObject | undefined> {
    const found = await client.find(refOf(keyOf(live), live.apiVersion));
    return found ? this.#mask.mask(found) : undefined;
  }

  async #body(
    node: LiveNode,
    apiVersion: string | undefined,
    { client, server }: Destination,
  ): Promise<KubeObject | undefined> {
    const version = apiVersion ?? joinApiVersion(node.key.group, node.version);
    const id = `${server} ${node.uid} ${node.resourceVersion} ${version}`;
    const known = this.#bodies.get(id);
    if (known) return known;
    const found = await client.find(refOf(node.key, version));
    if (!found) return undefined;
    const masked = this.#mask.mask(found);
    this.#bodies.set(id, masked);
    return masked;
  }
}

/** What the server would make of the write. */
async function rehearsed(object: KubeObject, style: ApplyStyle, client: KubeClient): Promise<KubeObject> {
  const dry = { dryRun: true };
  if (style === 'replace') return (await replaceObject(object, client, dry)).answer;
  const apply = style === 'client-side' ? clientSideApply : serverSideApply;
  return (await apply(client, object, dry)).object;
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
  const data: unknown = secret['data'];
  if (!isRecord(data)) return secret;
  // What is of a wrong type is to be refused.
  const changed = Object.entries(data).map(([name, value]) => [
    name,
    typeof value === 'string' ? change(value) : value,
  ]);
  return { ...secret, data: Object.fromEntries(changed) };
}
