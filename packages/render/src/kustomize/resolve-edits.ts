import { substitute } from '../build-environment.ts';
import { joinPath } from '../repository/paths.ts';
import type { SourceAtRevision } from '../type-renderer.ts';
import type { KustomizeEdits } from './edit-kustomization.ts';
import { isHttpUrl, parseRepoSpec } from './repo-spec.ts';

function mapValues(
  values: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

/** A component by URL is never missing: it is there, or an error. */
async function isMissing({ view, folder }: SourceAtRevision, component: string): Promise<boolean> {
  if (isHttpUrl(component) || parseRepoSpec(component)) return false;
  return (await view.find(joinPath(folder.path, component))) === null;
}

/** The options with the build environment put in and missing components left out where they may be. */
export async function resolveEdits(at: SourceAtRevision): Promise<KustomizeEdits> {
  const { source, environment } = at;
  const { ignoreMissingComponents, commonAnnotationsEnvsubst, ...options } = source.kustomize ?? {};
  const put = (text: string) => substitute(text, environment);
  const components: string[] = [];
  for (const component of options.components ?? []) {
    if (ignoreMissingComponents && (await isMissing(at, component))) continue;
    components.push(component);
  }
  return {
    ...options,
    components,
    ...(options.images ? { images: options.images.map(put) } : {}),
    ...(options.commonLabels ? { commonLabels: mapValues(options.commonLabels, put) } : {}),
    ...(options.commonAnnotations && commonAnnotationsEnvsubst
      ? { commonAnnotations: mapValues(options.commonAnnotations, put) }
      : {}),
  };
}
