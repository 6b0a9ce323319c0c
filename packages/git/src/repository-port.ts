/** What the remote has at one moment. */
export interface RemoteRefs {
  /** Full name → commit; annotated tags peeled. Without HEAD. */
  refs: ReadonlyMap<string, string>;
  /** Full name → id of the tag object, of annotated tags. */
  tags: ReadonlyMap<string, string>;
  /** Absent when the remote's HEAD points at nothing. */
  head?: { commit: string; ref?: string };
}

export type ObjectType = 'commit' | 'tree' | 'blob' | 'tag';

export interface RawObject {
  type: ObjectType;
  content: Buffer;
}

/**
 * What a backend does; everything above it (resolving, sharing, caching, repairing) is the same for both.
 * Looks and fetches throw `GIT_UNREACHABLE`, `GIT_AUTHENTICATION` or `GIT_REPOSITORY_NOT_FOUND`; everything may throw
 * `GIT_MIRROR_BROKEN`.
 */
export interface RepositoryPort {
  readonly url: string;
  /** One question to the remote. */
  look(): Promise<RemoteRefs>;
  /** Brings everything that heads and tags of the remote reach, and forgets the refs it no longer has. */
  fetchAll(refs: RemoteRefs): Promise<void>;
  /** Brings one commit that no head or tag reaches. Throws `GIT_REVISION_NOT_FOUND` when the server won't give it. */
  fetchCommit(commit: string): Promise<void>;
  /** Throws `GIT_OBJECT_NOT_FOUND`. */
  read(oid: string): Promise<RawObject>;
  /** Type and size without the content. Throws `GIT_OBJECT_NOT_FOUND`. */
  info(oid: string): Promise<{ type: ObjectType; size: number }>;
  /** The commit that a full or abbreviated id (of a commit or a tag) means here; undefined when none, or several. */
  findCommit(id: string): Promise<string | undefined>;
  /** Commits at which `depth` has cut the history off. */
  shallowCommits(): Promise<ReadonlySet<string>>;
  /** Whether everything that the mirror's refs reach is here. May take seconds. */
  intact(): Promise<boolean>;
  /** Starts again from nothing. What it had stays readable until the new one is complete. */
  rebuild(refs: RemoteRefs): Promise<void>;
  close(): Promise<void>;
}
