import { createHash } from 'node:crypto';
import type { SignedObject } from './parse-signed.ts';
import {
  mostProblems,
  readSignedObject,
  type SignatureProblem,
  signatureProblem,
  type Verification,
} from './verification.ts';

/** Commits that are read and checked side by side. */
const width = 32;
const seal = /^argocd-gpg-seal:/im;

interface Visited {
  oid: string;
  object: SignedObject;
  problem: string | undefined;
}

/** Visits commits once, parents after children of the same path, in groups; `visit` says which ones to go on to. */
async function walk(
  from: readonly string[],
  verification: Verification,
  visit: (oid: string, object: SignedObject) => Promise<readonly string[]>,
): Promise<void> {
  const seen = new Set(from);
  const waiting = [...from];
  for (let next = 0; next < waiting.length; ) {
    verification.signal?.throwIfAborted();
    const group = waiting.slice(next, next + width);
    next += group.length;
    const found = await Promise.all(group.map(async (oid) => visit(oid, await readSignedObject(verification, oid))));
    for (const oid of found.flat()) {
      if (seen.has(oid)) continue;
      seen.add(oid);
      waiting.push(oid);
    }
  }
}

/** Of these commits, those that no seal has above it. */
async function unsealed(
  commits: readonly Visited[],
  seals: readonly string[],
  { verification, parentsOf }: { verification: Verification; parentsOf: ParentsOf },
): Promise<readonly Visited[]> {
  if (seals.length === 0 || commits.length === 0) return commits;
  const open = new Set(commits.map(({ oid }) => oid));
  await walk(seals, verification, async (oid, object) => {
    open.delete(oid);
    return open.size === 0 ? [] : parentsOf(oid, object);
  });
  return commits.filter(({ oid }) => open.has(oid));
}

type ParentsOf = (oid: string, object: SignedObject) => readonly string[];

/** Histories that were found good before, under the same keys and policy. */
function knownHistories({ cache, keyring, policy, mirror }: Verification, shallow: ReadonlySet<string>) {
  const scope = JSON.stringify([keyring.id, [...policy.keys].sort(), mirror.url, [...shallow].sort()]);
  const prefix = createHash('sha256').update(scope).digest('base64url');
  const key = (oid: string) => `${prefix} ${oid}`;
  return {
    has: (oid: string) => cache.histories.get(key(oid)) === true,
    add: (oid: string) => cache.histories.set(key(oid), true),
  };
}

/** The commits that are not signed as they must be, from this one back to seals, to the beginning or to the depth. */
export async function walkHistory(verification: Verification, commit: string): Promise<SignatureProblem[]> {
  const shallow = await verification.mirror.shallowCommits();
  const known = knownHistories(verification, shallow);
  if (known.has(commit)) return [];
  const parentsOf: ParentsOf = (oid, { parents }) => (shallow.has(oid) ? [] : parents);
  const search = async (isKnown: (oid: string) => boolean) => {
    const bad: Visited[] = [];
    const seals: string[] = [];
    await walk([commit], verification, async (oid, object) => {
      const problem = await signatureProblem(verification, oid, object);
      if (problem !== undefined) bad.push({ oid, object, problem });
      else if (seal.test(object.message)) {
        seals.push(oid);
        return [];
      }
      return parentsOf(oid, object).filter((parent) => !isKnown(parent));
    });
    return unsealed(bad, seals, { verification, parentsOf });
  };
  const quick = await search(known.has);
  // A seal in what is known already may vouch for a commit that was reached on another path.
  const problems = quick.length === 0 ? quick : await search(() => false);
  if (problems.length === 0) known.add(commit);
  return problems
    .slice(0, mostProblems)
    .map(({ oid, object, problem }) => ({ oid, message: `commit ${oid} by '${object.by}' ${problem}` }));
}
