import { PlumblineError } from '@plumbline/errors';
import { isMembers, type Kustomization } from './kustomization.ts';

/** What members hold: nothing that is followed, or an object, or a list of objects, with these members. */
interface Fields {
  readonly [name: string]: Fields | null;
}

function named(...names: string[]): Fields {
  return Object.fromEntries(names.map((name) => [name, null]));
}

const patch = named('path', 'patch', 'target', 'options');
const generator = named('name', 'files', 'env', 'envs', 'literals', 'options', 'behavior', 'namespace', 'type');
const chart = named(
  ...[
    'name',
    'version',
    'repo',
    'devel',
    'releaseName',
    'namespace',
    'valuesFile',
    'additionalValuesFiles',
    'valuesInline',
  ],
  ...['valuesMerge', 'includeCRDs', 'kubeVersion', 'apiVersions', 'nameTemplate', 'skipHooks', 'skipTests', 'debug'],
  ...['chartName', 'chartVersion', 'chartRepoUrl', 'chartHome', 'chartRepoName', 'configHome', 'helmBin', 'helmHome'],
  ...['values', 'valuesLocal', 'extraArgs', 'releaseNamespace'],
);

const kustomizationFields: Fields = {
  ...named('apiVersion', 'kind', 'metadata', 'namePrefix', 'nameSuffix', 'namespace', 'commonLabels', 'labels'),
  ...named('commonAnnotations', 'images', 'imageTags', 'replicas', 'vars', 'sortOptions', 'resources', 'components'),
  ...named('bases', 'crds', 'generatorOptions', 'configurations', 'generators', 'transformers', 'validators'),
  ...named('buildMetadata', 'patchesStrategicMerge'),
  patches: patch,
  patchesJson6902: patch,
  replacements: named('path', 'source', 'targets'),
  configMapGenerator: generator,
  secretGenerator: generator,
  helmGlobals: named('chartHome', 'configHome'),
  helmCharts: chart,
  helmChartInflationGenerator: chart,
  openapi: named('path'),
};

const pluginFields: Fields = { ...generator, ...chart, ...patch, ...named('paths'), replacements: named('path') };

/** Go compares names without regard to case; two letters beyond ASCII count as `s` and `k`. */
function fold(name: string): string {
  return name.replaceAll('\u017F', 's').replaceAll('\u212A', 'k').toLowerCase();
}

function spell(value: unknown, fields: Fields, place: string): unknown {
  if (Array.isArray(value)) return value.map((item) => (isMembers(item) ? spell(item, fields, place) : item));
  if (!isMembers(value)) return value;
  const spelled = new Map(Object.keys(fields).map((name) => [fold(name), name]));
  const seen = new Map<string, string>();
  const members = Object.entries(value).map(([key, member]): [string, unknown] => {
    const name = spelled.get(fold(key)) ?? key;
    const before = seen.get(name);
    if (before !== undefined) {
      throw new PlumblineError('RENDER_FAILED', `kustomization of ${place}: ${before} and ${key} are one field`, {
        hint: 'kustomize reads names without regard to case: keep one of them',
      });
    }
    seen.set(name, key);
    const inner = Object.hasOwn(fields, name) ? fields[name] : null;
    return [name, inner ? spell(member, inner, place) : member];
  });
  return Object.fromEntries(members);
}

/**
 * A kustomization with its fields named as kustomize documents them: kustomize itself reads `Resources` or `FILES` too. Throws
 * `RENDER_FAILED` where one field is there twice, in two spellings: what kustomize makes of both is not known.
 */
export function spellKustomization(kustomization: Kustomization, place: string): Kustomization {
  return spell(kustomization, kustomizationFields, place) as Kustomization;
}

/** The same for the configuration of a plugin that is part of kustomize. */
export function spellPlugin(config: Kustomization, place: string): Kustomization {
  return spell(config, pluginFields, place) as Kustomization;
}
