import { revisionNotFound } from '../git-errors.ts';
import type { RemoteRefs } from '../repository-port.ts';
import type { ResolvedRevision } from '../types.ts';
import { highestTag, parseConstraint } from './semver-constraint.ts';

const fullSha = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/i;
const shortSha = /^[0-9a-f]{7,39}$/i;
const tagsFolder = 'refs/tags/';

/** Whether the text is a whole commit id, which is taken as it is. */
export function isFullSha(revision: string): boolean {
  return fullSha.test(revision);
}

/** A revision by the remote's refs: a commit, or the beginning of a commit id that only the mirror can complete. */
type RefAnswer = (ResolvedRevision & { kind: 'commit' }) | { kind: 'abbreviation'; prefix: string };

/** Edit distance, cut off at `limit`. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? limit + 1;
}

function shortName(ref: string): string {
  return ref.replace(/^refs\/(heads|tags)\//, '');
}

/** Up to three branch or tag names that look like the one asked for. */
export function nearNames(revision: string, names: Iterable<string>): string[] {
  const wanted = shortName(revision).toLowerCase();
  const limit = Math.max(2, Math.floor(wanted.length / 3));
  const scored: { name: string; score: number }[] = [];
  for (const name of new Set([...names].map(shortName))) {
    const lower = name.toLowerCase();
    const part = wanted.length >= 3 && (lower.includes(wanted) || wanted.includes(lower));
    const score = part ? 1 : distance(wanted, lower, limit);
    if (score <= limit) scored.push({ name, score });
  }
  return scored
    .toSorted((a, b) => a.score - b.score || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}

function explain(revision: string, remote: RemoteRefs, tagPrefix: string): string {
  if (remote.refs.size === 0) return 'the repository is empty';
  const names = [...remote.refs.keys()].filter((ref) => /^refs\/(heads|tags)\//.test(ref));
  if (revision === '' || revision === 'HEAD') {
    const branches = names.filter((ref) => ref.startsWith('refs/heads/')).map(shortName);
    return `its HEAD points at no commit; it has the branches ${branches.slice(0, 5).join(', ') || '(none)'}`;
  }
  if (parseConstraint(revision)) {
    const tags = names.filter((ref) => ref.startsWith(tagsFolder + tagPrefix)).map(shortName);
    if (tags.length === 0) return tagPrefix ? `no tag begins with '${tagPrefix}'` : 'it has no tags';
    return `none of its ${tags.length} tags satisfies the constraint; the last is ${tags.at(-1)}`;
  }
  const near = nearNames(revision, names);
  if (near.length > 0) return `did you mean ${near.map((name) => `'${name}'`).join(' or ')}?`;
  return 'no branch, tag or commit has this name';
}

function byConstraint(revision: string, remote: RemoteRefs, tagPrefix: string): RefAnswer | undefined {
  const allows = parseConstraint(revision);
  if (!allows) return undefined;
  const tags = [...remote.refs.keys()]
    .filter((ref) => ref.startsWith(tagsFolder))
    .map((ref) => ref.slice(tagsFolder.length));
  const tag = highestTag(tags, allows, tagPrefix);
  const commit = tag === undefined ? undefined : remote.refs.get(tagsFolder + tag);
  return commit === undefined ? undefined : { kind: 'commit', commit, ref: tagsFolder + tag };
}

/**
 * What a targetRevision that is no full SHA means: HEAD (also ''), the highest tag of a semver constraint, a full ref name, a
 * branch, a tag, any other ref below refs/, the beginning of a SHA (7 digits or more). A branch wins over a tag of the
 * same name, and a constraint that some tag satisfies wins over a branch spelt like it, as in Argo CD (reference §7.9).
 * Throws `GIT_REVISION_NOT_FOUND`.
 */
export function resolveByRefs(
  revision: string,
  remote: RemoteRefs,
  options: { url: string; tagPrefix?: string },
): RefAnswer {
  const answer = answerByRefs(revision, remote, options);
  const tag = answer.kind === 'commit' && answer.ref !== undefined ? remote.tags.get(answer.ref) : undefined;
  return answer.kind === 'commit' && tag !== undefined ? { ...answer, tag } : answer;
}

function answerByRefs(revision: string, remote: RemoteRefs, options: { url: string; tagPrefix?: string }): RefAnswer {
  const { url, tagPrefix = '' } = options;
  if (revision === '' || revision === 'HEAD') {
    if (!remote.head) throw revisionNotFound(url, revision, explain(revision, remote, tagPrefix));
    return { kind: 'commit', ...remote.head };
  }
  const constrained = byConstraint(revision, remote, tagPrefix);
  if (constrained) return constrained;
  const prefixed = tagPrefix ? [`${tagsFolder}${tagPrefix}${revision}`] : [];
  const full = revision.startsWith('refs/') ? [revision] : [];
  for (const ref of [...full, ...prefixed, `refs/heads/${revision}`, tagsFolder + revision, `refs/${revision}`]) {
    const commit = remote.refs.get(ref);
    if (commit !== undefined) return { kind: 'commit', commit, ref };
  }
  if (shortSha.test(revision)) return { kind: 'abbreviation', prefix: revision.toLowerCase() };
  throw revisionNotFound(url, revision, explain(revision, remote, tagPrefix));
}

/** The one commit among the remote's refs that begins with the prefix. */
export function completeByRefs(prefix: string, remote: RemoteRefs): string | undefined {
  const found = new Set([...remote.refs.values()].filter((commit) => commit.startsWith(prefix)));
  return found.size === 1 ? [...found][0] : undefined;
}
