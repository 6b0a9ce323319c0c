import { parseYaml } from '@plumbline/manifests';
import { type ChartEntry, chartsOf, mapChartReferences } from './chart-entries.ts';
import { isMembers, type Kustomization } from './kustomization.ts';

/**
 * What a reference is to: `resource` is a file or a folder with a kustomization file, `plugin` the same for generators,
 * transformers and validators, `file` always a file.
 */
export type ReferenceKind = 'resource' | 'plugin' | 'file';

/** Called with each reference; what it returns stands in its place. */
export type ChangeReference = (reference: string, kind: ReferenceKind) => string;

/** What a kustomization file makes kustomize read besides itself; paths relative to its folder. */
export interface KustomizationReferences {
  /** Files, or folders with a kustomization file: resources, components. */
  resources: readonly string[];
  /** Configurations of plugins: files, or folders with a kustomization file. */
  plugins: readonly string[];
  /** Configurations of plugins that are written in the kustomization. */
  inlinePlugins: readonly string[];
  files: readonly string[];
  /** Those of the files that kustomize reads as YAML only: all but what generators and charts take. */
  yamlFiles: ReadonlySet<string>;
  charts: readonly ChartEntry[];
}

const resourceFields = ['resources', 'bases', 'components'];
const pluginFields = ['generators', 'transformers', 'validators'];
const fileFields = ['crds', 'configurations'];
const pathFields = ['patches', 'patchesJson6902', 'replacements'];
const mergeFields = ['patches', 'patchesStrategicMerge'];
const generatorFields = ['configMapGenerator', 'secretGenerator'];

/** Applies a change to every text of a list; anything else stays. */
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  return Array.isArray(value) ? value.map((item) => (typeof item === 'string' ? change(item) : item)) : value;
}

function mapMembers(value: unknown, change: (entry: Kustomization) => Kustomization): unknown {
  return Array.isArray(value) ? value.map((item) => (isMembers(item) ? change(item) : item)) : value;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** `key=path` or `path`, whose key is its last name. */
function mapGeneratorFile(entry: string, change: (path: string) => string): string {
  const separator = entry.indexOf('=');
  const path = entry.slice(separator + 1);
  const changed = change(path);
  if (changed === path) return entry;
  return `${separator < 0 ? baseName(path) : entry.slice(0, separator)}=${changed}`;
}

function mapGenerator(generator: Kustomization, change: (path: string) => string): Kustomization {
  const { files, envs, env } = generator;
  return {
    ...generator,
    ...(files === undefined ? {} : { files: mapTexts(files, (entry) => mapGeneratorFile(entry, change)) }),
    ...(envs === undefined ? {} : { envs: mapTexts(envs, change) }),
    ...(typeof env === 'string' ? { env: change(env) } : {}),
  };
}

/** Entries that are a path or the thing itself; several lines are never a path, nor is a mapping in one line. */
function isInline(entry: string): boolean {
  if (entry.includes('\n')) return true;
  if (!entry.includes('{')) return false;
  try {
    return isMembers(parseYaml(entry, { file: 'inline', lenient: true }));
  } catch {
    return false;
  }
}

function unlessInline(change: (path: string) => string): (entry: string) => string {
  return (entry) => (isInline(entry) ? entry : change(entry));
}

/** The kustomization with all that it refers to changed. Fields of an unexpected form stay for kustomize to judge. */
export function mapReferences(kustomization: Kustomization, change: ChangeReference): Kustomization {
  const mapped: Kustomization = { ...kustomization };
  const over = (fields: readonly string[], apply: (value: unknown) => unknown) => {
    for (const field of fields) if (mapped[field] !== undefined) mapped[field] = apply(mapped[field]);
  };
  const file = (path: string) => change(path, 'file');
  const withPath = (entry: Kustomization) =>
    typeof entry['path'] === 'string' ? { ...entry, path: file(entry['path']) } : entry;
  over(resourceFields, (value) => mapTexts(value, (path) => change(path, 'resource')));
  over(pluginFields, (value) =>
    mapTexts(
      value,
      unlessInline((path) => change(path, 'plugin')),
    ),
  );
  over(mergeFields, (value) => mapTexts(value, unlessInline(file)));
  over(pathFields, (value) => mapMembers(value, withPath));
  over(fileFields, (value) => mapTexts(value, file));
  over(generatorFields, (value) => mapMembers(value, (generator) => mapGenerator(generator, file)));
  over(['openapi'], (value) => (isMembers(value) ? withPath(value) : value));
  return mapChartReferences(mapped, file);
}

function inlinePluginsOf(kustomization: Kustomization): string[] {
  const entries = pluginFields.flatMap((field) => kustomization[field] ?? []);
  return entries.filter((entry): entry is string => typeof entry === 'string' && isInline(entry));
}

/** Files of these fields are read as YAML, the others' byte for byte. */
const yamlFields = new Set([...mergeFields, ...pathFields, ...fileFields, 'openapi']);

/** References by their kind. */
function collect(kustomization: Kustomization): Record<ReferenceKind, string[]> {
  const found: Record<ReferenceKind, string[]> = { resource: [], plugin: [], file: [] };
  mapReferences(kustomization, (reference, kind) => {
    found[kind].push(reference);
    return reference;
  });
  return found;
}

function part(kustomization: Kustomization, isIn: (field: string) => boolean): Kustomization {
  return Object.fromEntries(Object.entries(kustomization).filter(([field]) => isIn(field)));
}

export function referencesOf(kustomization: Kustomization): KustomizationReferences {
  const found = collect(kustomization);
  return {
    resources: found.resource,
    plugins: found.plugin,
    inlinePlugins: inlinePluginsOf(kustomization),
    files: found.file,
    yamlFiles: new Set(collect(part(kustomization, (field) => yamlFields.has(field))).file),
    charts: chartsOf(kustomization),
  };
}
