import { type Fields, fieldsNamed as named, spellFields } from '../field-spelling.ts';
import type { Kustomization } from './kustomization.ts';

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

const image = named('name', 'newName', 'newTag', 'digest', 'tagSuffix');

const kustomizationFields: Fields = {
  ...named('apiVersion', 'kind', 'metadata', 'namePrefix', 'nameSuffix', 'namespace', 'commonLabels'),
  ...named('commonAnnotations', 'vars', 'sortOptions', 'resources', 'components'),
  ...named('bases', 'crds', 'generatorOptions', 'configurations', 'generators', 'transformers', 'validators'),
  ...named('buildMetadata', 'patchesStrategicMerge'),
  images: image,
  imageTags: image,
  replicas: named('name', 'count'),
  labels: named('pairs', 'includeSelectors', 'includeTemplates', 'fields'),
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

/**
 * A kustomization with its fields named as kustomize documents them: kustomize itself reads `Resources` or `FILES` too. Throws
 * `RENDER_FAILED` where one field is there twice, in two spellings.
 */
export function spellKustomization(kustomization: Kustomization, place: string): Kustomization {
  return spellFields(kustomization, kustomizationFields, `kustomization of ${place}`);
}

/** The same for the configuration of a plugin that is part of kustomize. */
export function spellPlugin(config: Kustomization, place: string): Kustomization {
  return spellFields(config, pluginFields, `plugin in the kustomization of ${place}`);
}
