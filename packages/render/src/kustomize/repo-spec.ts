/** A folder of a Git repository, as a kustomization refers to it. */
export interface RepoSpec {
  /** What Git is given: `https://host/org/repo`, `git@host:org/repo`. May hold credentials. */
  url: string;
  /** The folder in the repository, '' for its root. */
  path: string;
  /** Branch, tag or commit; HEAD where nothing is said. */
  ref: string;
  /** Seconds that the reference allows for fetching; absent: not said. */
  timeoutSeconds?: number;
  submodules: boolean;
}

interface Host {
  /** Scheme, user and host with what separates it from the path. */
  base: string;
  rest: string;
}

const schemes = ['ssh://', 'https://', 'http://', 'file://'] as const;
const userName = /^[a-zA-Z][a-zA-Z0-9-]*@/;
const units: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600 };

function splitScheme(text: string): { scheme: string; rest: string } {
  const lower = text.toLowerCase();
  const scheme = schemes.find((known) => lower.startsWith(known)) ?? '';
  return { scheme, rest: text.slice(scheme.length) };
}

/** Where the host ends: at the first slash, in an scp-like address at a colon before it. */
function endOfHost(text: string, scpLike: boolean): number {
  const slash = text.indexOf('/');
  const colon = scpLike ? text.indexOf(':') : -1;
  return colon > 0 && (slash < 0 || colon < slash) ? colon : slash;
}

function splitHost(text: string): Host | undefined {
  const { scheme, rest: afterScheme } = splitScheme(text.replace(/^git::/i, ''));
  const user = userName.exec(afterScheme)?.[0] ?? '';
  const rest = afterScheme.slice(user.length);
  if (scheme === 'file://') return { base: scheme, rest: afterScheme };
  const isGithub = /^github\.com[/:]/i.test(rest);
  const scpLike = scheme === '' && (user !== '' || isGithub);
  if (scheme === '' && !scpLike) return undefined;
  const end = endOfHost(rest, scpLike);
  const host = end < 0 ? rest : rest.slice(0, end + 1);
  if (host === '') return undefined;
  const path = end < 0 ? '' : rest.slice(end + 1);
  if (!isGithub) return { base: scheme + user + host, rest: path };
  const bySsh = scheme === 'ssh://' || user !== '';
  return { base: bySsh ? `${user}github.com:` : 'https://github.com/', rest: path };
}

/** The repository and the folder in it: split at `_git/<name>`, at `//`, after `.git`, else after two names. */
function splitPath(rest: string, segments: number): [string, string] | undefined {
  const azure = rest.indexOf('_git/');
  if (azure >= 0) {
    const [name = '', ...folders] = rest.slice(azure + '_git/'.length).split('/');
    return [rest.slice(0, azure + '_git/'.length) + name, folders.join('/')];
  }
  const root = rest.indexOf('//');
  if (root >= 0) return [rest.slice(0, root), rest.slice(root + 2)];
  const suffix = rest.indexOf('.git');
  if (suffix >= 0) return [rest.slice(0, suffix + '.git'.length), rest.slice(suffix + '.git'.length)];
  const names = rest.split('/');
  if (names.length < segments) return undefined;
  return [names.slice(0, segments).join('/'), names.slice(segments).join('/')];
}

/** `90`, `90s`, `1m30s`: a whole number of seconds, or a duration as Go writes it. */
function secondsOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) || undefined;
  if (!/^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ''] ?? 0), 0) || undefined;
}

function readQuery(query: string): Pick<RepoSpec, 'ref' | 'timeoutSeconds' | 'submodules'> {
  const values = new URLSearchParams(query);
  const timeoutSeconds = secondsOf(values.get('timeout') ?? '');
  const isFalse = /^(?:0|f|false)$/i.test(values.get('submodules') ?? '');
  return {
    ref: values.get('ref') || values.get('version') || 'HEAD',
    ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    submodules: !isFalse,
  };
}

function leavesRepository(path: string): boolean {
  let depth = 0;
  for (const name of path.split('/')) {
    if (name === '..') depth -= 1;
    else if (name !== '' && name !== '.') depth += 1;
    if (depth < 0) return true;
  }
  return false;
}

/**
 * Reads a reference by the grammar of kustomize 5 for Git repositories: https, http, ssh and file URLs, scp-like addresses
 * with a user, `github.com/org/repo`; `//`, `.git` or `_git/` mark the end of the repository; the query is `ref` (or
 * `version`), `timeout` and `submodules`. Undefined for what kustomize takes for a path.
 */
export function parseRepoSpec(reference: string): RepoSpec | undefined {
  if (reference.startsWith('/')) return undefined;
  const mark = reference.indexOf('?');
  const address = mark < 0 ? reference : reference.slice(0, mark);
  const host = splitHost(address);
  if (!host) return undefined;
  const split = splitPath(host.rest, host.base === 'file://' ? 1 : 2);
  const [repository, folder] = split ?? ['', ''];
  if (repository === '' || leavesRepository(folder)) return undefined;
  const path = folder.split('/').filter(Boolean).join('/');
  return { url: host.base + repository, path, ...readQuery(mark < 0 ? '' : reference.slice(mark + 1)) };
}

/** Whether a reference is an address that kustomize would open by HTTP. */
export function isHttpUrl(reference: string): boolean {
  return /^https?:\/\//i.test(reference);
}

/** Whether an http(s) reference says itself that it is a repository: only then is Git asked before HTTP. */
export function namesRepository(reference: string): boolean {
  if (/^git::/i.test(reference) || !isHttpUrl(reference)) return true;
  const [address = '', query = ''] = reference.replace(/^https?:\/\//i, '').split('?');
  if (/\/\/|\.git(?:\/|$)|\/_git\//.test(address) || /(?:^|&)(?:ref|version|submodules|timeout)=/.test(query))
    return true;
  return !/\.(?:ya?ml|json)$/i.test(address);
}
