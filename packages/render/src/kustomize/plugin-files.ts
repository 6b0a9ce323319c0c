import { type Kustomization, recordsOf, textsOf } from './kustomization.ts';

function pathsOf(value: unknown): string[] {
  return recordsOf(value).flatMap(({ path }) => (typeof path === 'string' ? [path] : []));
}

function generatorFiles({ files, envs, env }: Kustomization): string[] {
  const named = textsOf(files).map((entry) => entry.slice(entry.indexOf('=') + 1));
  return [...named, ...textsOf(envs), ...(typeof env === 'string' ? [env] : [])];
}

const none = (): string[] => [];
/** Plugins that are part of kustomize, and the files that their configuration names. Charts are followed elsewhere. */
const builtin = new Map<string, (config: Kustomization) => string[]>([
  ['AnnotationsTransformer', none],
  ['HashTransformer', none],
  ['ImageTagTransformer', none],
  ['LabelTransformer', none],
  ['NamespaceTransformer', none],
  ['PrefixTransformer', none],
  ['ReplicaCountTransformer', none],
  ['SortOrderTransformer', none],
  ['SuffixTransformer', none],
  ['HelmChartInflationGenerator', none],
  ['ConfigMapGenerator', generatorFiles],
  ['SecretGenerator', generatorFiles],
  ['PatchTransformer', (config) => pathsOf([config])],
  ['PatchJson6902Transformer', (config) => pathsOf([config])],
  ['PatchStrategicMergeTransformer', ({ paths }) => textsOf(paths).filter((path) => !path.includes('\n'))],
  ['ReplacementTransformer', ({ replacements }) => pathsOf(replacements)],
]);

/** The files that a builtin plugin reads; undefined for any other plugin, of which nobody knows that. */
export function builtinPluginFiles(config: Kustomization): string[] | undefined {
  return config['apiVersion'] === 'builtin' ? builtin.get(String(config['kind']))?.(config) : undefined;
}
