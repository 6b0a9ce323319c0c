import { normalizeRepoURL, sameRepo } from '@plumbline/apis';
import type { RepositoryAccess } from '@plumbline/git';
import type { RepositorySecret, RepositorySecrets } from './parse/repositories.ts';
import type { ControlSettings } from './types.ts';

/** What of an access says who asks; the rest says how. */
export const credentialFields = [
  'username',
  'password',
  'bearerToken',
  'sshPrivateKey',
  'tlsClientCert',
  'tlsClientKey',
  'githubApp',
  'cloud',
] as const satisfies readonly (keyof RepositoryAccess)[];

/** The Secret for exactly this repository: the project's own before the common one, never another project's. */
function exactSecret(
  repositories: readonly RepositorySecret[],
  url: string,
  project: string,
): RepositorySecret | undefined {
  const same = repositories.filter(({ entry }) => sameRepo(entry.url, url));
  return same.find(({ entry }) => entry.project === project) ?? same.find(({ entry }) => entry.project === undefined);
}

/** As `normalizeRepoURL`, but a slash at the end stays: in a prefix it matters (reference §10.5). */
function prefixForm(url: string): string {
  const normalized = normalizeRepoURL(url);
  return url.trim().endsWith('/') ? `${normalized}/` : normalized;
}

/** A prefix never ends inside the host, so that credentials of `git.example.com` do not go to `git.example.com.evil`. */
function isPrefix(prefix: string, url: string): boolean {
  if (!url.startsWith(prefix)) return false;
  const rest = url.slice(prefix.length);
  const [, afterScheme = prefix] = prefix.split('://');
  return afterScheme.includes('/') || rest === '' || rest.startsWith('/');
}

function longestTemplate(
  templates: readonly RepositorySecret[],
  url: string,
  project: string,
): RepositorySecret | undefined {
  const wanted = normalizeRepoURL(url);
  return templates
    .filter(({ entry }) => entry.project === undefined || entry.project === project)
    .filter(({ entry }) => isPrefix(prefixForm(entry.url), wanted))
    .reduce<RepositorySecret | undefined>((best, next) => {
      return !best || prefixForm(next.entry.url).length > prefixForm(best.entry.url).length ? next : best;
    }, undefined);
}

/** User and password that stand in the URL itself are taken out of it. */
function withoutUserInfo(url: string): RepositoryAccess {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return { url };
  const parsed = new URL(url);
  if (parsed.username === '' && parsed.password === '') return { url };
  const username = decodeURIComponent(parsed.username);
  const password = decodeURIComponent(parsed.password);
  return {
    url: url.replace(/^(https?:\/\/)[^/@]*@/i, '$1'),
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
  };
}

/** Known hosts belong to the access of ssh URLs only, so that a new one opens no other repository again. */
function knownHosts(url: string, sshKnownHosts: string): Pick<RepositoryAccess, 'sshKnownHosts'> {
  const ssh = /^ssh:\/\//i.test(url) || !/^[a-z][a-z0-9+.-]*:\/\//i.test(url);
  return ssh && sshKnownHosts !== '' ? { sshKnownHosts } : {};
}

/** The host's name without port, or '' where the URL has none. */
function hostOf(url: string): string {
  const full = /^[^/@]+\.[^/@]+\/|^localhost[:/]/.test(url) && !url.includes('://') ? `oci://${url}` : url;
  return URL.canParse(full) ? new URL(full).hostname : '';
}

/**
 * How to reach a repository (reference §10.5): its own Secret; where that has no credentials, the fields it lacks from the
 * longest matching template; without any Secret, what the URL itself holds; and the certificate or ssh keys
 * trusted for the host.
 */
export function findRepositoryAccess(
  secrets: RepositorySecrets,
  { tlsCertificates, sshKnownHosts }: Pick<ControlSettings, 'tlsCertificates' | 'sshKnownHosts'>,
  { url, project }: { url: string; project: string },
): RepositoryAccess {
  const fromUrl = withoutUserInfo(url);
  const exact = exactSecret(secrets.repositories, fromUrl.url, project);
  const hasCredentials = exact !== undefined && credentialFields.some((field) => exact.access[field]);
  const template = hasCredentials ? undefined : longestTemplate(secrets.templates, fromUrl.url, project);
  const certificateAuthority = tlsCertificates[hostOf(fromUrl.url)];
  return {
    ...fromUrl,
    ...(certificateAuthority ? { certificateAuthority } : {}),
    ...knownHosts(fromUrl.url, sshKnownHosts),
    ...template?.access,
    ...exact?.access,
  };
}
