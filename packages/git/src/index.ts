export { createGitBackend, type GitBackendOptions, hasGit } from './create-git-backend.ts';
export { createMirrors, type Mirrors, type MirrorsOptions } from './create-mirrors.ts';
export { type Borrowed, lendAccess } from './lending/lend-access.ts';
export type { ObjectCacheOptions } from './mirror/object-cache.ts';
export { isFullSha } from './mirror/resolve-revision.ts';
export { parseConstraint, tagVersion } from './mirror/semver-constraint.ts';
export { isForbiddenAddress } from './network/forbidden-addresses.ts';
export { normaliseUrl, type Protocol, protocolOf, repositoryDigest } from './repository-url.ts';
export { describeKeys, type KeyDescription, type KeyProblem, readPublicKeys } from './signatures/describe-keys.ts';
export { type Keyring, readKeyring } from './signatures/keyring.ts';
export { createSignatureCache, type SignatureCache } from './signatures/signature-cache.ts';
export type { SignaturePolicy, SignatureProblem, VerifyOptions } from './signatures/verification.ts';
export { type SignedRevision, verifySignatures } from './signatures/verify-signatures.ts';
export { type SubmoduleOptions, withSubmodules } from './submodules/with-submodules.ts';
export {
  type AccessTokens,
  type AccessTokensOptions,
  createAccessTokens,
  type TokenPurpose,
} from './tokens/access-tokens.ts';
export type {
  AzurePrincipal,
  CloudIdentity,
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
