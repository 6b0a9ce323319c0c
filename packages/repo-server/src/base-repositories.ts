import { PlumblineError } from '@plumbline/errors';
import { isFullSha, type Mirror, type RepositoryAccess } from '@plumbline/git';
import type { BaseRepositories } from '@plumbline/render';
import { credentialFields } from '@plumbline/settings';

/** Opens a repository by how it is reached. */
export type OpenRepository = (access: RepositoryAccess, options: { submodules: boolean }) => Promise<Mirror>;

/** A commit of a repository that a kustomization refers to. */
export interface RemoteBase {
  url: string;
  commit: string;
  mirror: Mirror;
}

/** Throws where a base is not signed as the project wants its sources to be. */
export type VerifyBase = (base: RemoteBase) => Promise<void>;

export interface BaseRepositoriesOptions {
  /** The repository of the source that refers to others. */
  sourceURL: string;
  access(url: string): RepositoryAccess;
  open: OpenRepository;
  /** Asked for bases that no full commit id names: whoever signed that vouched for its content. */
  verify?: VerifyBase | undefined;
  signal: AbortSignal;
}

function hasIdentity(access: RepositoryAccess): boolean {
  return credentialFields.some((field) => access[field] !== undefined);
}

/** Scheme, host and port, as far as credentials are for one server; undefined where the URL has no such thing. */
function serverOf(url: string): string | undefined {
  const scpLike = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)/.exec(url)?.[1];
  if (scpLike !== undefined) return `ssh://${scpLike.toLowerCase()}`;
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  return hostname === '' ? undefined : `${protocol}//${hostname.toLowerCase()}${port === '' ? '' : `:${port}`}`;
}

function tooLate(url: string, timeoutMs: number): PlumblineError {
  return new PlumblineError('GIT_UNREACHABLE', `${url} did not answer within ${timeoutMs / 1000} s`, {
    retry: 'transient',
    hint: 'the reference itself says timeout: raise it, or leave it out',
  });
}

/**
 * Repositories that a kustomization refers to. Each is reached with its own declared credentials; where none are declared
 * and the source's repository is on the same server, with those of the source, as in Argo CD, where the credentials of the
 * Application's repository answer for its remote bases. Other servers never see them.
 */
export function createBaseRepositories(options: BaseRepositoriesOptions): BaseRepositories {
  const { sourceURL, signal } = options;

  const accessTo = (url: string): RepositoryAccess => {
    const own = { ...options.access(url), foreign: true };
    const server = serverOf(own.url);
    if (hasIdentity(own) || server === undefined || server !== serverOf(sourceURL)) return own;
    const source = options.access(sourceURL);
    const lent = credentialFields.filter((field) => source[field] !== undefined).map((field) => [field, source[field]]);
    return { ...own, ...Object.fromEntries(lent) };
  };

  return {
    async resolve({ url, ref, submodules, timeoutMs }) {
      const mirror = await options.open(accessTo(url), { submodules });
      const timeout = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
      const limit = timeout ? AbortSignal.any([signal, timeout]) : signal;
      const { commit } = await mirror.resolve(ref, { signal: limit }).catch((error: unknown) => {
        throw timeout?.aborted && !signal.aborted ? tooLate(mirror.url, timeoutMs ?? 0) : error;
      });
      if (options.verify && !isFullSha(ref)) {
        await mirror.ensureCommit(commit, { signal });
        await options.verify({ url: mirror.url, commit, mirror });
      }
      return commit;
    },
    async open({ url, commit, submodules }) {
      const mirror = await options.open(accessTo(url), { submodules });
      await mirror.ensureCommit(commit, { signal });
      return mirror;
    },
  };
}
