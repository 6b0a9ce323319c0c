const scpLike = /^(?:[^/:@]*@)?[^/:@]+:(?!\/\/)/;
const sshScheme = /^ssh:\/\//i;

/**
 * One form for the ways to write a repository URL, for comparing only: lower case, without surrounding space, `.git`
 * and trailing slashes; `git@host:path` equals `ssh://git@host/path`. As Argo CD, where whole URLs compare without
 * regard to case. Works on globs too.
 */
export function normalizeRepoURL(url: string): string {
  const lower = url.trim().toLowerCase();
  const withScheme = lower.includes('://') || !scpLike.test(lower) ? lower : lower.replace(':', '/');
  return withScheme
    .replace(sshScheme, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .replace(/\/+$/, '');
}

/** Whether both URLs mean one repository. */
export function sameRepo(a: string, b: string): boolean {
  return normalizeRepoURL(a) === normalizeRepoURL(b);
}
