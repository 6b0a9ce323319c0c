import type { Application, ApplicationSource } from '@plumbline/apis';
import { sourcesOf } from '@plumbline/apis';
import type { SecretMask } from '@plumbline/cluster';
import { PlumblineError } from '@plumbline/errors';
import { isSecret, type KubeObject, keyString, type ResourceKey } from '@plumbline/manifests';
import {
  manifestSetKey,
  type RenderReceipt,
  type RenderRequest,
  type RenderResult,
  unpackManifestSet,
  verifyReceipt,
} from '@plumbline/render';
import type { SealedCache } from '@plumbline/store';
import {
  buildTargets,
  placeTarget,
  scopesOf,
  shareUnchanged,
  type TargetFacts,
  type TargetObject,
} from './build-targets.ts';
import type { RenderClient } from './render-client.ts';

/** What Git wants, of all sources of an Application, in source order. */
export interface TargetState {
  /** One resolved revision a source. */
  revisions: readonly string[];
  sourceTypes: readonly string[];
  receipts: readonly RenderReceipt[];
  targets: readonly TargetObject[];
  repeated: readonly ResourceKey[];
  warnings: readonly string[];
}

/** What a render is asked for. */
export interface TargetRequest {
  app: Application;
  /** Effective sources: the Application's, or those that the operation brings. */
  sources: readonly ApplicationSource[];
  /** Resolved revisions to use instead of resolving each source's targetRevision. */
  pinned?: readonly (string | undefined)[];
  noCache: boolean;
  context: Omit<RenderRequest['context'], 'settings'>;
  facts: TargetFacts;
  former?: TargetState | undefined;
}

export interface TargetLoaderOptions {
  client: RenderClient;
  sealed: SealedCache;
  sealKey: Buffer;
  mask: SecretMask;
}

/** Loads target states through the repo-servers and the sealed cache. */
export class TargetLoader {
  readonly #options: TargetLoaderOptions;

  constructor(options: TargetLoaderOptions) {
    this.#options = options;
  }

  /**
   * Resolves and renders every source. Gives back `former` itself when nothing changed.
   * Throws the errors of `git` and `render`.
   */
  async load(request: TargetRequest): Promise<TargetState> {
    const rendering = request.sources.filter(rendersSomething);
    const results = await Promise.all(rendering.map((source, index) => this.#renderOne(request, source, index)));
    const receipts = results.map((result) => result.receipt);
    const revisions = receipts.map((receipt) => receipt.revision);
    const { former } = request;
    if (former && sameDigests(former.receipts, receipts) && former.targets.every(isPlaced))
      return { ...former, revisions, receipts };
    const rendered: KubeObject[] = [];
    for (const [index, result] of results.entries()) {
      const source = rendering[index];
      if (source)
        rendered.push(...(await this.#open(request, source, result)).map((object) => this.#options.mask.mask(object)));
    }
    const { targets, repeated } = buildTargets(rendered, request.facts, await scopesOf(rendered, request.facts));
    return {
      revisions,
      receipts,
      sourceTypes: results.map((result) => result.sourceType),
      targets: shareUnchanged(targets, former?.targets ?? []),
      repeated,
      warnings: results.flatMap((result) => result.warnings),
    };
  }

  /** The rendered Secrets of a target state with their real values, for the apply alone. */
  async secrets(state: TargetState, facts: TargetFacts): Promise<Map<string, KubeObject>> {
    const found = new Map<string, KubeObject>();
    for (const receipt of state.receipts) {
      const objects = await this.#read(receipt);
      if (!objects) {
        throw new PlumblineError('TARGET_NOT_CACHED', 'the rendered manifests are no longer in the cache', {
          retry: 'transient',
          hint: 'they are rendered again with the next attempt',
        });
      }
      const secrets = objects.filter(isSecret);
      const isNamespaced = await scopesOf(secrets, facts);
      for (const object of secrets) {
        const target = placeTarget(object, facts, isNamespaced);
        found.set(keyString(target.key), target.object);
      }
    }
    return found;
  }

  async #renderOne(request: TargetRequest, source: ApplicationSource, index: number): Promise<RenderResult> {
    const { client, sealKey } = this.#options;
    const pinned = request.pinned?.[index];
    const revision = isCommit(pinned)
      ? pinned
      : (await client.resolve(pinned ? { ...source, targetRevision: pinned } : source, request.context.project))
          .revision;
    const result = await client.render({
      source,
      revision,
      context: request.context,
      ...(request.noCache ? { noCache: true } : {}),
    });
    if (result.receipt.revision !== revision || !verifyReceipt(sealKey, result.receipt)) {
      throw new PlumblineError('RENDER_RECEIPT', `the manifests that came back are not those of revision ${revision}`, {
        retry: 'transient',
        hint: 'they are refused and rendered again',
      });
    }
    return result;
  }

  async #open(request: TargetRequest, source: ApplicationSource, result: RenderResult): Promise<KubeObject[]> {
    const objects = await this.#read(result.receipt);
    if (objects) return objects;
    const { revision } = result.receipt;
    const again = await this.#options.client.render({ source, revision, context: request.context, noCache: true });
    const fresh = verifyReceipt(this.#options.sealKey, again.receipt) ? await this.#read(again.receipt) : undefined;
    if (fresh) return fresh;
    throw new PlumblineError('TARGET_NOT_CACHED', `the manifests of revision ${revision} vanished from the cache`, {
      retry: 'transient',
      hint: 'check that Redis has memory to spare; they are rendered again',
    });
  }

  async #read(receipt: RenderReceipt): Promise<KubeObject[] | undefined> {
    const value = await this.#options.sealed.get(manifestSetKey(receipt.digest));
    return value && unpackManifestSet(value).objects;
  }
}

/** A source that only gives files to its siblings (`ref` without path and chart) renders nothing (reference §7.7). */
export function rendersSomething(source: ApplicationSource): boolean {
  return !source.ref || Boolean(source.path) || Boolean(source.chart);
}

/** The sources that an Application, or the operation on it, renders. */
export function effectiveSources(app: Application): ApplicationSource[] {
  return sourcesOf(app.spec);
}

function isCommit(revision: string | undefined): revision is string {
  return revision !== undefined && /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(revision);
}

function isPlaced(target: TargetObject): boolean {
  return target.namespaced !== undefined;
}

function sameDigests(a: readonly RenderReceipt[], b: readonly RenderReceipt[]): boolean {
  return a.length === b.length && a.every((receipt, index) => receipt.digest === b[index]?.digest);
}
