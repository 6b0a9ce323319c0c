import { type AppProject, normalizeRepoURL } from '@plumbline/apis';
import { globMatch, isDeny } from './glob.ts';

/** What a project wants to be signed of a Git repository (reference §7.9). */
export type RequiredSignatures =
  | { kind: 'none' }
  /** `head`: the commit, or the annotated tag that is meant. `strict`: the whole history too. */
  | { kind: 'signed'; mode: 'head' | 'strict'; keys: readonly string[] }
  /** The rules say nothing that can be followed: nothing may be deployed from the repository. */
  | { kind: 'invalid'; problem: string };

type SourceIntegrity = NonNullable<AppProject['spec']['sourceIntegrity']>;
type GitPolicy = SourceIntegrity['git']['policies'][number];

/** `signatureKeys`, the older form, asks for them at every repository. */
function policiesOf({ spec }: AppProject): readonly GitPolicy[] {
  if (spec.sourceIntegrity) return spec.sourceIntegrity.git.policies;
  const keys = (spec.signatureKeys ?? []).map(({ keyID }) => keyID);
  return keys.length === 0 ? [] : [{ repos: [{ url: '*' }], gpg: { mode: 'head', keys } }];
}

/**
 * A glob hits a repository however its URL is written; one that excludes it must hit the URL as it stands, so that no
 * other spelling gets around the check.
 */
function concerns({ repos }: GitPolicy, repoURL: string): boolean {
  const excluded = repos.some(({ url }) => isDeny(url) && globMatch(url.slice(1), repoURL));
  if (excluded) return false;
  const normal = normalizeRepoURL(repoURL);
  return repos.some(({ url }) => !isDeny(url) && (globMatch(url, repoURL) || globMatch(normalizeRepoURL(url), normal)));
}

/** What a project wants to be signed where an Application takes files from a Git repository. */
export function requiredSignatures(project: AppProject | undefined, repoURL: string): RequiredSignatures {
  const [policy, ...more] = (project ? policiesOf(project) : []).filter((each) => concerns(each, repoURL));
  if (!policy) return { kind: 'none' };
  const name = project?.metadata.name ?? '';
  if (more.length > 0) {
    const text = `project ${name} has ${more.length + 1} sourceIntegrity policies for ${repoURL}; there may be one`;
    return { kind: 'invalid', problem: text };
  }
  const { mode, keys } = policy.gpg;
  switch (mode) {
    case 'none':
      return { kind: 'none' };
    case 'head':
    case 'strict':
      return { kind: 'signed', mode, keys };
    default:
      return {
        kind: 'invalid',
        problem: `project ${name} verifies ${repoURL} in the unknown mode "${mode}": it is none, head or strict`,
      };
  }
}
