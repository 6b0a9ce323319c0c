import { type ApplicationSource, sourceSchema } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';
import { parseYaml } from '@plumbline/manifests';
import { displayPath, joinPath } from './repository/paths.ts';
import type { RepositoryView } from './repository/repository-view.ts';

type Members = Record<string, unknown>;

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(file: string, problem: string, hint?: string): PlumblineError {
  return new PlumblineError('RENDER_INVALID_SOURCE', `${displayPath(file)}: ${problem}`, {
    details: { file },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** What the API server checks of an Application, it does not check of a file: the source as its schema reads it. */
function checkSource(merged: unknown, file: string): unknown {
  const { success, data, error } = sourceSchema.safeParse(merged);
  if (success) return data;
  const [issue] = error.issues;
  throw invalid(
    file,
    `${issue?.path.join('.')}: ${issue?.message}`,
    'values follow the same types as in an Application: text that looks like a number or a truth value is quoted',
  );
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
 * Throws `RENDER_INVALID_SOURCE` naming a file
 * that is no YAML mapping, or whose options are of other types than an Application's.
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
    if (!isObject(patch)) throw invalid(file, 'expected a mapping of source options');
    merged = checkSource(mergePatch(merged, patch), file);
  }
  return merged === source ? source : keepOrigin(source, merged as ApplicationSource);
}
