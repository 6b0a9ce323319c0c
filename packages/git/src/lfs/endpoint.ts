import { parseGitConfig } from '../git-config-text.ts';
import { normaliseAccess, protocolOf } from '../repository-url.ts';
import type { RepositoryAccess } from '../types.ts';

/** What a repository's `.lfsconfig` says of where its LFS objects are: `lfs.url`, else that of its remote; undefined where it says nothing. */
export function endpointOf(text: string): string | undefined {
  const values = parseGitConfig(text);
  const last = (section: string, subsection: string | undefined, key: string) =>
    values.findLast((each) => each.section === section && each.subsection === subsection && each.key === key)?.value;
  const url = last('lfs', undefined, 'url') || last('remote', 'origin', 'lfsurl');
  return url?.trim().replace(/\/+$/, '') || undefined;
}

function placeOf(url: string): { protocol: string; host: string } {
  const scpLike = /^(?:[^@/]+@)?([^:/]+):(?!\/\/)/.exec(url)?.[1];
  if (scpLike !== undefined) return { protocol: 'ssh', host: scpLike.toLowerCase() };
  return { protocol: protocolOf(url), host: new URL(url).host };
}

/**
 * How to reach an endpoint that the content of a repository names; undefined where it is none that is read. The credentials, keys and
 * certificates of the repository are for its own server alone: another one gets what its URL itself holds.
 */
export function endpointAccess(repository: RepositoryAccess, endpoint: string): RepositoryAccess | undefined {
  let own: ReturnType<typeof placeOf>;
  let other: ReturnType<typeof placeOf>;
  try {
    [own, other] = [placeOf(repository.url), placeOf(endpoint)];
  } catch {
    return undefined;
  }
  const same = own.protocol === other.protocol && own.host === other.host;
  const { proxy, noProxy } = repository;
  const way = { foreign: true, ...(proxy ? { proxy } : {}), ...(noProxy ? { noProxy } : {}) };
  switch (other.protocol) {
    case 'https':
    case 'http':
      return normaliseAccess(same ? { ...repository, url: endpoint } : { ...way, url: endpoint });
    case 'ssh':
      return same ? { ...repository, url: endpoint } : undefined;
    default:
      return undefined;
  }
}
