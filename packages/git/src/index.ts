export { createGitBackend, type GitBackendOptions, hasGit } from './create-git-backend.ts';
export { createMirrors, type Mirrors, type MirrorsOptions } from './create-mirrors.ts';
export type { ObjectCacheOptions } from './object-cache.ts';
export { normaliseUrl, type Protocol, protocolOf, repositoryDigest } from './repository-url.ts';
export { isFullSha } from './resolve-revision.ts';
export { parseConstraint } from './semver-constraint.ts';
export { type SubmoduleOptions, withSubmodules } from './submodules/with-submodules.ts';
export type {
  CommitInfo,
  EntryKind,
  GitBackend,
  GithubApp,
  Mirror,
  ObjectReader,
  RepositoryAccess,
  ResolvedRevision,
  TreeEntry,
} from './types.ts';
