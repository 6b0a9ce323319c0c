import type { ApplicationSource } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { parseYaml } from '@plumbline/manifests';
import { displayPath, joinPath } from './repository/paths.ts';
import type { RepositoryView } from './repository/repository-view.ts';

type Members = Record<string, unknown>;

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON merge patch (RFC 7386): null removes, objects merge, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Members = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** Where a source comes from is the Application's to say, never the repository's (reference §7.1). */
function keepOrigin(
  source: ApplicationSource,
  { helm, kustomize, directory, plugin }: ApplicationSource,
): ApplicationSource {
  const { helm: _helm, kustomize: _kustomize, directory: _directory, plugin: _plugin, ...origin } = source;
  return {
    ...origin,
    ...(helm ? { helm } : {}),
    ...(kustomize ? { kustomize } : {}),
    ...(directory ? { directory } : {}),
    ...(plugin ? { plugin } : {}),
  };
}

/** Whether a file of this name holds overrides, not manifests. */
export function isOverrideFile(name: string): boolean {
  return name === '.argocd-source.yaml' || (name.startsWith('.argocd-source-') && name.endsWith('.yaml'));
}

/**
 * The source with `.argocd-source.yaml`, then `.argocd-source-<appName>.yaml` of its folder merged in.
 * Throws `RENDER_INVALID_SOURCE` naming a file that is no YAML mapping.
 */
export async function mergeOverrides(
  view: RepositoryView,
  folder: string,
  { source, appName }: { source: ApplicationSource; appName: string },
): Promise<ApplicationSource> {
  let merged: unknown = source;
  for (const name of ['.argocd-source.yaml', `.argocd-source-${appName}.yaml`]) {
    const file = joinPath(folder, name);
    const found = await view.find(file);
    if (found?.kind !== 'blob') continue;
    const patch = parseYaml(await view.text(found.oid), { file });
    if (patch === null) continue;
    if (!isObject(patch)) {
      throw new PlumblineError('RENDER_INVALID_SOURCE', `${displayPath(file)}: expected a mapping of source options`, {
        details: { file },
      });
    }
    merged = mergePatch(merged, patch);
  }
  return merged === source ? source : keepOrigin(source, merged as ApplicationSource);
}
