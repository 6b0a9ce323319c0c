import type { ApplicationSource, SourceHydrator } from './application/source.ts';
import type { ApplicationSpec } from './application/spec.ts';

/** The source that an Application with a hydrator syncs from: the rendered branch. */
export function hydratedSource(hydrator: SourceHydrator): ApplicationSource {
  const { drySource, syncSource } = hydrator;
  return {
    repoURL: syncSource.repoURL || drySource.repoURL,
    targetRevision: syncSource.targetBranch,
    path: syncSource.path,
  };
}

/** The sources in effect (reference §1.1): the hydrator's sync source, else `sources`, else `source`. */
export function sourcesOf(spec: Pick<ApplicationSpec, 'source' | 'sources' | 'sourceHydrator'>): ApplicationSource[] {
  if (spec.sourceHydrator) return [hydratedSource(spec.sourceHydrator)];
  if (spec.sources && spec.sources.length > 0) return spec.sources;
  return spec.source ? [spec.source] : [];
}

/** Whether revisions and sources are told in lists (`revisions`, `sources`): `sources` is in effect, also with one entry. */
export function hasMultipleSources(spec: Pick<ApplicationSpec, 'sources' | 'sourceHydrator'>): boolean {
  return !spec.sourceHydrator && (spec.sources?.length ?? 0) > 0;
}
