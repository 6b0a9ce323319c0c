import { isMembers, type Kustomization, recordsOf, textsOf } from './kustomization.ts';

/** What a kustomization file makes kustomize read besides itself; paths relative to its folder. */
export interface KustomizationReferences {
  /** Files, or folders with a kustomization file: resources, components. */
  resources: readonly string[];
  files: readonly string[];
  /** Its plugins may read any file of the folder. */
  wholeFolder: boolean;
  /** What it reads cannot be known from the repository's text: remote bases, Helm charts. */
  everything: boolean;
}

const host = /^(git::|gh:|[a-z][a-z0-9+.-]*:\/\/|[^/\s]+@[^/:\s]+:|github\.com[/:])/i;
const gitPath = /\.git(\/|\?|$)|\?(ref|version|timeout|submodules)=|\/_git\//i;

/** Whether a resource begins like a URL or an scp-like address, so that it cannot be a path. */
export function hasHost(reference: string): boolean {
  return host.test(reference);
}

/** Whether kustomize may take a resource for something outside the repository. */
export function isRemote(reference: string): boolean {
  return hasHost(reference) || gitPath.test(reference);
}

/** `key=path` or `path` of a generator. */
function generatorFile(entry: string): string {
  return entry.slice(entry.indexOf('=') + 1);
}

function generatorFiles(kustomization: Kustomization): string[] {
  const generators = [
    ...recordsOf(kustomization['configMapGenerator']),
    ...recordsOf(kustomization['secretGenerator']),
  ];
  return generators.flatMap((generator) => [
    ...textsOf(generator['files']).map(generatorFile),
    ...textsOf(generator['envs']),
    ...(typeof generator['env'] === 'string' ? [generator['env']] : []),
  ]);
}

/** Entries that are a path or the thing itself; several lines are never a path. */
function inlineOrFile(entries: readonly string[]): string[] {
  return entries.filter((entry) => !entry.includes('\n'));
}

function pathsOf(value: unknown): string[] {
  return recordsOf(value).flatMap((entry) => (typeof entry['path'] === 'string' ? [entry['path']] : []));
}

/** Fields by which a kustomization makes kustomize run Helm. */
const helmFields = ['helmCharts', 'helmChartInflationGenerator', 'helmGlobals'];
const pluginFields = ['generators', 'transformers', 'validators'];

export function referencesOf(kustomization: Kustomization): KustomizationReferences {
  const openapi = kustomization['openapi'];
  const plugins = pluginFields.flatMap((field) => textsOf(kustomization[field]));
  const resources = [
    ...['resources', 'bases', 'components'].flatMap((field) => textsOf(kustomization[field])),
    ...inlineOrFile(plugins),
  ];
  const files = [
    ...pathsOf(kustomization['patches']),
    ...inlineOrFile(textsOf(kustomization['patches'])),
    ...inlineOrFile(textsOf(kustomization['patchesStrategicMerge'])),
    ...pathsOf(kustomization['patchesJson6902']),
    ...pathsOf(kustomization['replacements']),
    ...generatorFiles(kustomization),
    ...textsOf(kustomization['crds']),
    ...textsOf(kustomization['configurations']),
    ...(isMembers(openapi) && typeof openapi['path'] === 'string' ? [openapi['path']] : []),
  ];
  const everything =
    [...resources, ...files].some(isRemote) || helmFields.some((field) => kustomization[field] !== undefined);
  return { resources, files, wholeFolder: plugins.length > 0, everything };
}
