import type { ApplicationSource } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { joinPath } from './repository/paths.ts';
import type { RepositoryView } from './repository/repository-view.ts';
import type { RenderSettings, SourceType } from './types.ts';

/** Names of a kustomization file, in kustomize's order. */
export const kustomizationNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'] as const;

/** Nothing is said: unset, false, '', or only such members. An empty `kustomize: {}` is no explicit type (reference §1.1). */
function saysNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === 'object' && Object.values(value).every(saysNothing);
}

function explicitType(source: ApplicationSource): SourceType | undefined {
  const defined: SourceType[] = [];
  if (!saysNothing(source.kustomize)) defined.push('Kustomize');
  if (!saysNothing(source.helm)) defined.push('Helm');
  if (!saysNothing(source.directory)) defined.push('Directory');
  if (source.plugin !== undefined) defined.push('Plugin');
  if (defined.length > 1) {
    throw new PlumblineError('RENDER_INVALID_SOURCE', `multiple application sources defined: ${defined.join(', ')}`, {
      hint: 'keep one of kustomize, helm, directory and plugin',
    });
  }
  return defined[0];
}

async function discoveredType(view: RepositoryView, folder: string): Promise<SourceType> {
  if ((await view.find(joinPath(folder, 'Chart.yaml')))?.kind === 'blob') return 'Helm';
  for (const name of kustomizationNames) {
    if ((await view.find(joinPath(folder, name)))?.kind === 'blob') return 'Kustomize';
  }
  return 'Directory';
}

/**
 * What renders the folder (reference §7.1): the type that the source names, else what the folder holds; a tool that is
 * switched off leaves a plain directory. Throws `RENDER_INVALID_SOURCE` where the source names two types.
 *
 * @param options.source with the repository's overrides merged in.
 * @param options.isPlugin whether the discovery of a plugin claims the folder; asked where the source names no type.
 */
export async function detectSourceType(
  view: RepositoryView,
  folder: string,
  {
    source,
    enabled,
    isPlugin,
  }: { source: ApplicationSource; enabled: RenderSettings['enabled']; isPlugin?: () => Promise<boolean> },
): Promise<SourceType> {
  const explicit = explicitType(source);
  if (explicit === undefined && (await isPlugin?.())) return 'Plugin';
  const type = explicit ?? (await discoveredType(view, folder));
  if (type === 'Kustomize' && !enabled.kustomize) return 'Directory';
  if (type === 'Helm' && !enabled.helm) return 'Directory';
  return type;
}
