/** How to reach a repository. Everything but `url` comes from the repository's Secret (reference §10.5). */
export interface RepositoryAccess {
  /** https://, file://, ssh:// or scp-like. Never with credentials in it. */
  url: string;
  username?: string;
  password?: string;
  bearerToken?: string;
  /** OpenSSH or PEM, without a passphrase. */
  sshPrivateKey?: string;
  /** Lines of a known_hosts file; over ssh no other server is spoken to. */
  sshKnownHosts?: string;
  /** Skip verification of the server's certificate, or of its ssh host key. */
  insecure?: boolean;
  /** PEM bundle to trust for the server. */
  certificateAuthority?: string;
  tlsClientCert?: string;
  tlsClientKey?: string;
  proxy?: string;
  noProxy?: string;
  enableLfs?: boolean;
  /**
   * The content of another repository names the address, as .gitmodules does: link-local and metadata addresses are
   * refused, also behind names and redirects.
   */
  foreign?: boolean;
  /** Commits of history to bring; absent is all. The isomorphic backend brings all. */
  depth?: number;
  /** Instead of user and password: tokens that an installation of a GitHub App gives out. */
  githubApp?: GithubApp;
  /** Instead of user and password: tokens that a cloud gives out for an identity. */
  cloud?: CloudIdentity;
  forceHttpBasicAuth?: boolean;
  /** Of OCI registries: speak to them without encryption. */
  insecureOciForceHttp?: boolean;
}

/** An installation of a GitHub App that may read the repository. */
export interface GithubApp {
  appId: string;
  /** Absent: that of the account which the repository belongs to, by its URL. */
  installationId?: string;
  /** PEM. */
  privateKey: string;
  /** Of a GitHub Enterprise API, as `https://ghe.example.com/api/v3`; absent is GitHub's own. */
  baseUrl?: string;
}

/** An identity of a cloud that may read the repository. */
export type CloudIdentity =
  | { kind: 'google' /** The JSON file of a service account's key. */; serviceAccountKey: string }
  | ({ kind: 'azure-principal' } & AzurePrincipal)
  /** The identity of this process itself, which Azure put into its environment. */
  | { kind: 'azure-workload' };

/** A service principal of Azure and its secret. */
export interface AzurePrincipal {
  clientId: string;
  clientSecret: string;
  tenantId: string;
  /** Absent: `https://login.microsoftonline.com`. */
  endpoint?: string;
}

/** A resolved targetRevision. */
export interface ResolvedRevision {
  /** 40 (or 64) hex digits, always of a commit (annotated tags are peeled). */
  commit: string;
  /** The full ref it came from (`refs/heads/main`, `refs/tags/v1.2.0`); absent for a SHA. */
  ref?: string;
  /** The id of the annotated tag that the ref is, if it is one. It is here after `ensureCommit` of it. */
  tag?: string;
}

export type EntryKind = 'tree' | 'blob' | 'symlink' | 'submodule';

export interface TreeEntry {
  name: string;
  kind: EntryKind;
  /** The object id: content-addressed, so that equal ids mean equal content. */
  oid: string;
  executable: boolean;
  /** A submodule's root, in the place of the submodule's entry. */
  submodule?: true;
}

export interface CommitInfo {
  commit: string;
  tree: string;
  author: string;
  /** ISO 8601. */
  date: string;
  message: string;
  tags: string[];
}

/**
 * Objects of one mirror. Trees are cached by id. Reads never block each other, at whatever commits.
 * Throws `GIT_OBJECT_NOT_FOUND` for an unknown id.
 */
export interface ObjectReader {
  /** The id of a commit's root tree. */
  rootTree(commit: string): Promise<string>;
  /** Entries sorted by name. */
  readTree(oid: string): Promise<readonly TreeEntry[]>;
  readBlob(oid: string): Promise<Uint8Array>;
  /** Bytes, without reading the blob. */
  blobSize(oid: string): Promise<number>;
  commitInfo(commit: string): Promise<CommitInfo>;
}

/** A bare mirror of one repository on disk. */
export interface Mirror extends ObjectReader {
  readonly url: string;
  /**
   * Resolves against the remote's present refs: branch, tag, full or short SHA, HEAD or '', semver range over tags
   * (reference §7.9; with `tagPrefix` only tags with it count), and brings the commit here. Simultaneous calls share
   * one look at the remote, and none is answered from a look that began before it asked.
   * Throws `GIT_REVISION_NOT_FOUND`, `GIT_UNREACHABLE` (transient), `GIT_AUTHENTICATION`.
   */
  resolve(targetRevision: string, options?: { tagPrefix?: string; signal?: AbortSignal }): Promise<ResolvedRevision>;
  /** Makes sure that a full SHA is here, fetching only when it is not. */
  ensureCommit(commit: string, options?: { signal?: AbortSignal }): Promise<void>;
  /** A commit or annotated tag as it is stored. Throws `GIT_OBJECT_NOT_FOUND` for anything else. */
  readSigned(oid: string): Promise<{ type: 'commit' | 'tag'; content: Buffer }>;
  /** Commits whose parents are not here, because of `depth`. */
  shallowCommits(): Promise<ReadonlySet<string>>;
  /** All refs of the remote: name → commit (tags peeled). */
  listRefs(options?: { signal?: AbortSignal }): Promise<Map<string, string>>;
  close(): Promise<void>;
}

/** One way to talk to repositories: the git program, or isomorphic-git. */
export interface GitBackend {
  readonly name: 'native' | 'isomorphic';
  /** Opens (creating it when missing, rebuilding it when broken) the mirror kept in `folder`. */
  open(access: RepositoryAccess, folder: string): Promise<Mirror>;
}
