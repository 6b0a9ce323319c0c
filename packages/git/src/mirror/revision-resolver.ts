import { revisionNotFound } from '../git-errors.ts';
import type { RemoteRefs } from '../repository-port.ts';
import type { ResolvedRevision } from '../types.ts';
import type { CommitSupply } from './commit-supply.ts';
import type { MirrorRemote } from './mirror-remote.ts';
import { completeByRefs, isFullSha, resolveByRefs } from './resolve-revision.ts';

interface RevisionResolverOptions {
  url: string;
  remote: MirrorRemote;
  commits: CommitSupply;
}

/** Resolves revisions against the remote's present refs, and brings the commits they mean. */
export class RevisionResolver {
  readonly #url: string;
  readonly #remote: MirrorRemote;
  readonly #commits: CommitSupply;

  constructor({ url, remote, commits }: RevisionResolverOptions) {
    this.#url = url;
    this.#remote = remote;
    this.#commits = commits;
  }

  /** Throws as `Mirror.resolve` does. */
  async resolve(revision: string, tagPrefix?: string): Promise<ResolvedRevision> {
    this.#remote.assertOpen();
    if (isFullSha(revision)) return this.#byId(revision.toLowerCase());
    const refs = await this.#remote.refsFor(revision);
    const answer = resolveByRefs(revision, refs, { url: this.#url, tagPrefix });
    if (answer.kind === 'abbreviation') return this.#byAbbreviation(answer.prefix, refs);
    const { ref, tag } = answer;
    const reached = /^refs\/(heads|tags)\//.test(ref ?? '');
    const commit = await this.#commits.bring(answer.commit, revision, reached);
    return { commit, ...(ref === undefined ? {} : { ref }), ...(tag === undefined ? {} : { tag }) };
  }

  async #byId(sha: string): Promise<ResolvedRevision> {
    await this.#remote.proveAccess(sha);
    return { commit: await this.#commits.bring(sha, sha, false) };
  }

  async #byAbbreviation(prefix: string, refs: RemoteRefs): Promise<ResolvedRevision> {
    const tip = completeByRefs(prefix, refs);
    if (tip !== undefined) return { commit: await this.#commits.bring(tip, prefix, true) };
    const commit = await this.#commits.complete(prefix);
    if (commit !== undefined) return { commit };
    throw revisionNotFound(this.#url, prefix, 'no branch, tag or commit, or more than one, begins so');
  }
}
