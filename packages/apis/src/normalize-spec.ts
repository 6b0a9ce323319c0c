import type { ApplicationSource } from './application/source.ts';
import type { ApplicationSpec } from './application/spec.ts';
import type { SyncPolicy } from './application/sync-policy.ts';
import { defaultProject } from './constants.ts';

function isBlank(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Nothing but members that say nothing. Looks one level deep: below, `''` and `false` may be values of the user. */
function isEmpty(value: object | undefined): boolean {
  return value === undefined || Object.values(value).every(isBlank);
}

/** `automated: {}` and `retry: {}` do say something: they switch automation on, and retries off. */
function isEmptyPolicy(policy: SyncPolicy): boolean {
  return policy.automated === undefined && policy.retry === undefined && isEmpty(policy);
}

function normalizeSource(source: ApplicationSource): ApplicationSource {
  const { helm, kustomize, directory, ...rest } = source;
  return {
    ...rest,
    ...(isEmpty(helm) ? {} : { helm }),
    ...(isEmpty(kustomize) ? {} : { kustomize }),
    ...(isEmpty(directory) ? {} : { directory }),
  };
}

/**
 * The spec as it is written back (reference §1.1): an empty project becomes `default`; `syncPolicy`, `kustomize`,
 * `helm` and `directory` go where they say nothing.
 */
export function normalizeSpec(spec: ApplicationSpec): ApplicationSpec {
  const { syncPolicy, source, sources, ...rest } = spec;
  return {
    ...rest,
    project: spec.project || defaultProject,
    ...(source ? { source: normalizeSource(source) } : {}),
    ...(sources ? { sources: sources.map(normalizeSource) } : {}),
    ...(syncPolicy && !isEmptyPolicy(syncPolicy) ? { syncPolicy } : {}),
  };
}
