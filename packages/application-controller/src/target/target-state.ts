import type { Application, ApplicationSource, AppProject } from '@plumbline/apis';
import { sourcesOf } from '@plumbline/apis';
import type { SecretMask } from '@plumbline/cluster';
import { hasCode, PlumblineError } from '@plumbline/errors';
import type { KubeObject, ResourceKey } from '@plumbline/manifests';
import {
  isVerifiedAs,
  manifestSetKey,
  type RenderReceipt,
  type RenderRequest,
  type RenderResult,
  type ResolveResult,
  type SourceReferences,
  type SourceVerification,
  unpackManifestSet,
  verifyReceipt,
} from '@plumbline/render';
import type { SealedCache } from '@plumbline/store';
import { buildTargets, scopesOf, shareUnchanged, type TargetFacts, type TargetObject } from './build-targets.ts';
import type { RenderClient } from './render-client.ts';
import { type SecretValues, secretValuesOf } from './secret-values.ts';
import { isOfReferences, sourceReferences } from './source-references.ts';
import { refuseLocalManifests, type SignatureFacts, verificationKey, verificationOf } from './source-verification.ts';

/** What Git wants, of all sources of an Application, in source order. */
export interface TargetState {
  /** One resolved revision a source. */
  revisions: readonly string[];
  sourceTypes: readonly string[];
  /** What was rendered, one a source that renders something. */
  parts: readonly RenderedPart[];
  targets: readonly TargetObject[];
  repeated: readonly ResourceKey[];
  /** Rendered, and of kinds that settings leave out. */
  excluded: readonly ResourceKey[];
  warnings: readonly string[];
}

/** A rendered source: with it the manifests can be had again when they have gone from the cache. */
export interface RenderedPart {
  source: ApplicationSource;
  context: RenderContextFacts;
  refs?: SourceReferences;
  verify?: SourceVerification;
  receipt: RenderReceipt;
}

type RenderContextFacts = RenderRequest['context'];

/** What a render is asked for. */
export interface TargetRequest {
  app: Application;
  /** Effective sources: the Application's, or those that the operation brings. */
  sources: readonly ApplicationSource[];
  /** Whose rules on signatures hold; undefined: none. */
  project?: AppProject | undefined;
  /** Resolved revisions to use instead of resolving each source's targetRevision. */
  pinned?: readonly (string | undefined)[];
  noCache: boolean;
  /** An archive of a caller to render instead of what the first source holds: its key in the sealed cache, and its SHA-256. */
  files?: LocalFiles | undefined;
  context: RenderContextFacts;
  facts: TargetFacts;
  former?: TargetState | undefined;
}

export interface TargetLoaderOptions {
  client: RenderClient;
  sealed: SealedCache;
  sealKey: Buffer;
  mask: SecretMask;
  /** Asked for every load. Default: signatures are verified, by keys that are not known here. */
  signatures?(): SignatureFacts;
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
    const { former, facts } = request;
    const resolved = await this.#resolveAll(request);
    const revisions = resolved.map(({ revision }) => revision);
    const refs = sourceReferences(resolved);
    const more = refs ? { refs } : {};
    const results = await Promise.all(
      resolved
        .filter(({ source }) => rendersSomething(source))
        .map((item) => this.#render(request, { ...item, ...more })),
    );
    const parts = results.map(({ part }) => part);
    if (former && sameDigests(former.parts, parts) && former.targets.every(isPlaced))
      return { ...former, revisions, parts };
    const rendered = (await Promise.all(parts.map((part) => this.#open(part)))).flat();
    const masked = rendered.map((object) => this.#options.mask.mask(object));
    const { targets, repeated, excluded } = buildTargets(masked, facts, await scopesOf(masked, facts));
    return {
      revisions,
      parts,
      sourceTypes: results.map(({ result }) => result.sourceType),
      targets: shareUnchanged(targets, former?.targets ?? []),
      repeated,
      excluded,
      warnings: results.flatMap(({ result }) => result.warnings),
    };
  }

  /** The values of the Secrets of a target state, for the apply alone. */
  async secretValues(state: TargetState): Promise<SecretValues> {
    const rendered = await Promise.all(state.parts.map((part) => this.#open(part)));
    return secretValuesOf(rendered.flat(), this.#options.mask);
  }

  /** Differs where targets have to be loaded again, because other signatures are wanted or other keys are known. */
  verificationKey(project: AppProject | undefined): unknown {
    return verificationKey(project, this.#signatures());
  }

  /** Throws `SOURCE_UNVERIFIED` where manifests that a person brings may not be synced instead of the sources. */
  refuseLocalManifests(project: AppProject | undefined, sources: readonly ApplicationSource[]): void {
    refuseLocalManifests(project, sources, this.#signatures());
  }

  #signatures(): SignatureFacts {
    return this.#options.signatures?.() ?? { enabled: true, publicKeys: {} };
  }

  #resolveAll(request: TargetRequest): Promise<Resolved[]> {
    const { sources, files } = request;
    if (!files) return Promise.all(sources.map((source, index) => this.#resolve(request, source, index)));
    return Promise.resolve(sources.slice(0, 1).map((source) => ({ source, revision: files.checksum })));
  }

  async #resolve(request: TargetRequest, source: ApplicationSource, index: number): Promise<Resolved> {
    const wanted = request.pinned?.[index];
    const verify = verificationOf(request.project, source, this.#signatures());
    if (isCommit(wanted)) return this.#pinned(request, { source, revision: wanted, ...(verify ? { verify } : {}) });
    const asked = wanted ? { ...source, targetRevision: wanted } : source;
    const found = await this.#options.client.resolve(asked, request.context.project, { fresh: request.noCache });
    return { source, revision: found.revision, ...(verify ? { verify: withTag(verify, found) } : {}) };
  }

  /** A commit that is meant by an annotated tag stays so: it is the tag that is signed. */
  async #pinned({ context }: TargetRequest, resolved: Resolved): Promise<Resolved> {
    const { source, revision, verify } = resolved;
    if (!verify || isCommit(source.targetRevision)) return resolved;
    try {
      const found = await this.#options.client.resolve(source, context.project);
      return found.revision === revision ? { ...resolved, verify: withTag(verify, found) } : resolved;
    } catch (error) {
      // A rollback goes to a commit also when the branch or tag of then is gone.
      if (hasCode(error, 'GIT_REVISION_NOT_FOUND')) return resolved;
      throw error;
    }
  }

  async #render({ context, noCache, files }: TargetRequest, resolved: Resolved & { refs?: SourceReferences }) {
    const more = { ...(noCache ? { noCache: true } : {}), ...(files ? { files: files.key } : {}) };
    const result = await this.#rendered({ ...resolved, context, ...more });
    const { revision: _revision, ...rest } = resolved;
    return { result, part: { ...rest, context, receipt: result.receipt } };
  }

  /** The manifests of a part; rendered again where they have gone from the cache. */
  async #open({ receipt, ...part }: RenderedPart): Promise<KubeObject[]> {
    const objects = await this.#read(receipt);
    if (objects) return objects;
    const { revision } = receipt;
    const again = await this.#rendered({ ...part, revision, noCache: true });
    const fresh = await this.#read(again.receipt);
    if (fresh) return fresh;
    throw new PlumblineError('TARGET_NOT_CACHED', `the manifests of revision ${revision} vanished from the cache`, {
      retry: 'transient',
      hint: 'check that Redis has memory to spare; they are rendered again',
    });
  }

  /** Renders; refuses what is not of the revision asked for, or not sealed by a repo-server of ours (design decision 6). */
  async #rendered(request: Omit<RenderRequest, 'kind'>): Promise<RenderResult> {
    const result = await this.#options.client.render(request);
    const { receipt } = result;
    const isAsked =
      receipt.revision === request.revision && isOfReferences(receipt, request.refs) && isVerifiedAs(receipt, request);
    if (isAsked && verifyReceipt(this.#options.sealKey, receipt)) return result;
    throw new PlumblineError(
      'RENDER_RECEIPT',
      `the manifests that came back are not those of revision ${request.revision}`,
      {
        retry: 'transient',
        hint: 'they are refused and rendered again',
      },
    );
  }

  async #read(receipt: RenderReceipt): Promise<KubeObject[] | undefined> {
    const value = await this.#options.sealed.get(manifestSetKey(receipt.digest));
    return value && unpackManifestSet(value).objects;
  }
}

/** An archive that a caller has sent. */
export interface LocalFiles {
  key: string;
  checksum: string;
}

interface Resolved {
  source: ApplicationSource;
  revision: string;
  verify?: SourceVerification;
}

function withTag(verify: SourceVerification, { ref, tag }: ResolveResult): SourceVerification {
  return ref && tag ? { ...verify, tag: { oid: tag, ref } } : verify;
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

function sameDigests(a: readonly RenderedPart[], b: readonly RenderedPart[]): boolean {
  return a.length === b.length && a.every(({ receipt }, index) => receipt.digest === b[index]?.receipt.digest);
}
