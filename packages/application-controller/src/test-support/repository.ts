import { createHash } from 'node:crypto';
import type { KubeObject } from '@plumbline/manifests';
import { manifestSetKey, packManifestSet, type RenderReceipt, receiptMac, verificationsOf } from '@plumbline/render';
import type { SealedCache } from '@plumbline/store';
import type { RenderClient } from '../target/render-client.ts';
import { revisionA } from './builders.ts';

export const sealKey = Buffer.alloc(32, 7);

/** The port {@link SealedCache} over a map. */
export class MemoryCache implements SealedCache {
  readonly values = new Map<string, Buffer>();

  async get(key: string) {
    return this.values.get(key);
  }

  async set(key: string, value: Buffer) {
    this.values.set(key, value);
  }

  async has(key: string) {
    return this.values.has(key);
  }

  async delete(key: string) {
    this.values.delete(key);
  }
}

/** The port {@link RenderClient}: a repository of which every revision is a list of objects. */
export class MemoryRepository implements RenderClient {
  readonly cache = new MemoryCache();
  readonly revisions = new Map<string, KubeObject[]>();
  head = revisionA;
  /** Every call: `resolve main`, `render aaaa`, `render aaaa anew`. */
  readonly log: string[] = [];
  /** Every request to render. */
  readonly requests: Parameters<RenderClient['render']>[0][] = [];
  /** What resolving finds beside the commit. */
  named: { ref?: string; tag?: string } = {};
  /** What the next calls fail with. */
  failure: Error | undefined;
  /** Falsifies receipts. */
  forge: (receipt: RenderReceipt) => RenderReceipt = (receipt) => receipt;
  /** Whether a render leaves its manifests in the cache. */
  stores: (noCache: boolean) => boolean = () => true;

  constructor(objects: KubeObject[] = []) {
    this.revisions.set(this.head, objects);
  }

  /** A commit: from now on the head of the branch. */
  push(revision: string, objects: KubeObject[]): void {
    this.revisions.set(revision, objects);
    this.head = revision;
  }

  async resolve(source: { targetRevision?: string }) {
    this.log.push(`resolve ${source.targetRevision ?? ''}`);
    if (this.failure) throw this.failure;
    const wanted = source.targetRevision ?? '';
    return { revision: this.revisions.has(wanted) ? wanted : this.head, ...this.named };
  }

  async render(request: Parameters<RenderClient['render']>[0]) {
    const { source, revision, refs, noCache = false } = request;
    this.requests.push(request);
    this.log.push(`render ${revision.slice(0, 4)}${noCache ? ' anew' : ''}`);
    if (this.failure) throw this.failure;
    const packed = packManifestSet({
      sourceType: 'Directory',
      objects: this.revisions.get(revision) ?? [],
      warnings: [],
    });
    const digest = createHash('sha256').update(packed).digest('hex');
    if (this.stores(noCache)) await this.cache.set(manifestSetKey(digest), packed);
    const siblings = Object.entries(refs ?? {}).map(([name, sibling]) => [name, sibling.revision]);
    const verified = verificationsOf(request);
    const more = { ...(refs ? { refs: Object.fromEntries(siblings) } : {}), ...(verified ? { verified } : {}) };
    const fields = { repoURL: source.repoURL, revision, digest, tools: {}, ...more };
    const receipt = this.forge({ ...fields, mac: receiptMac(sealKey, fields) });
    return { sourceType: 'Directory' as const, receipt, cached: false, warnings: [] };
  }
}
