import { PlumblineError } from '@plumbline/errors';
import {
  mostProblems,
  readSignedObject,
  type SignaturePolicy,
  type SignatureProblem,
  signatureProblem,
  type Verification,
  type VerifyOptions,
} from './verification.ts';
import { walkHistory } from './walk-history.ts';

/** A commit, and the annotated tag by which it is meant. */
export interface SignedRevision {
  commit: string;
  tag?: { oid: string; ref: string };
}

async function tagProblems(verification: Verification, revision: SignedRevision): Promise<SignatureProblem[]> {
  const { tag, commit } = revision;
  if (!tag) return [];
  const object = await readSignedObject(verification, tag.oid);
  const name = tag.ref.replace(/^refs\/tags\//, '');
  const told = (message: string) => [{ oid: tag.oid, message: `tag ${name} by '${object.by}' ${message}` }];
  if (object.kind !== 'tag' || object.target?.oid !== commit) return told(`does not point at commit ${commit}`);
  // Else an old release, signed under its own name, could be passed off as a new one.
  if (object.target.name !== name) return told(`says of itself that it is the tag ${object.target.name}`);
  const problem = await signatureProblem(verification, tag.oid, object);
  return problem === undefined ? [] : told(problem);
}

async function commitProblems(verification: Verification, commit: string): Promise<SignatureProblem[]> {
  const object = await readSignedObject(verification, commit);
  const problem = await signatureProblem(verification, commit, object);
  return problem === undefined ? [] : [{ oid: commit, message: `commit ${commit} by '${object.by}' ${problem}` }];
}

/**
 * What hinders a revision from being trusted: nothing, or the first ten objects that are not signed as the policy says,
 * the youngest first. Semantics are Argo CD's (its user guide, "Git GnuPG signature verification"): a commit with the
 * trailer `Argocd-gpg-seal:` that is itself signed as it must be vouches for its ancestors, and history ends where the
 * repository's `depth` cuts it.
 */
export async function verifySignatures(
  mirror: Verification['mirror'],
  revision: SignedRevision,
  options: VerifyOptions & { policy: SignaturePolicy },
): Promise<SignatureProblem[]> {
  const verification: Verification = { mirror, now: new Date(), ...options };
  const tagged = await tagProblems(verification, revision);
  switch (options.policy.mode) {
    case 'head':
      return revision.tag ? tagged : commitProblems(verification, revision.commit);
    case 'strict':
      return [...tagged, ...(await walkHistory(verification, revision.commit))].slice(0, mostProblems);
    default:
      throw new PlumblineError(
        'SOURCE_INTEGRITY_POLICY',
        `unknown mode ${JSON.stringify(options.policy.mode satisfies never)} of signature verification`,
      );
  }
}
