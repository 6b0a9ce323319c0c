import { requiredSignatures } from '@plumbline/access';
import type { ApplicationSource, AppProject } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { isChartSource, type SourceVerification } from '@plumbline/render';

/** What decides whether signatures are verified, and with which keys. */
export interface SignatureFacts {
  enabled: boolean;
  publicKeys: Readonly<Record<string, string>>;
}

/**
 * What must be signed of a source (reference §7.9); undefined where nothing must, as of charts and artifacts, which are
 * not from Git. Throws `SOURCE_INTEGRITY_POLICY` where the project's rules cannot be followed.
 */
export function verificationOf(
  project: AppProject | undefined,
  source: Pick<ApplicationSource, 'repoURL' | 'chart'>,
  { enabled }: Pick<SignatureFacts, 'enabled'>,
): SourceVerification | undefined {
  const { repoURL, chart } = source;
  if (!enabled || isChartSource({ repoURL, ...(chart ? { chart } : {}) })) return undefined;
  const required = requiredSignatures(project, repoURL);
  switch (required.kind) {
    case 'none':
      return undefined;
    case 'signed':
      return { mode: required.mode, keys: required.keys };
    case 'invalid':
      throw new PlumblineError('SOURCE_INTEGRITY_POLICY', required.problem, {
        hint: 'correct sourceIntegrity of the project: until then nothing of the repository is deployed',
      });
  }
}

/**
 * Refuses manifests that a person brings where sources must be signed: nobody signed those. Throws
 * `SOURCE_UNVERIFIED`, and what {@link verificationOf} throws.
 */
export function refuseLocalManifests(
  project: AppProject | undefined,
  sources: readonly ApplicationSource[],
  facts: Pick<SignatureFacts, 'enabled'>,
): void {
  const source = sources.find((each) => verificationOf(project, each, facts));
  if (!source) return;
  const text = `local manifests cannot be synced: project ${project?.metadata.name} wants ${source.repoURL} to be signed`;
  throw new PlumblineError('SOURCE_UNVERIFIED', text, { hint: 'commit and sign the change, and sync the revision' });
}

/** Differs where the same sources may be judged otherwise: by other rules, or with other keys. */
export function verificationKey(project: AppProject | undefined, facts: SignatureFacts): unknown {
  if (!facts.enabled || !project) return undefined;
  const { signatureKeys, sourceIntegrity } = project.spec;
  if (!sourceIntegrity && (signatureKeys ?? []).length === 0) return undefined;
  return [signatureKeys, sourceIntegrity, facts.publicKeys];
}
