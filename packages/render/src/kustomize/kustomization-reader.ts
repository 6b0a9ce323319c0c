import { PlumblineError } from '@plumbline/errors';
import { parseManifests, parseYaml } from '@plumbline/manifests';
import { boundedMap } from '../bounded-map.ts';
import { kustomizationNames } from '../detect-source-type.ts';
import { joinPath } from '../repository/paths.ts';
import type { Found, RepositoryView } from '../repository/repository-view.ts';
import { type ChartEntry, chartOfPlugin, checkValueFiles } from './chart-entries.ts';
import { spellKustomization, spellPlugin } from './field-names.ts';
import { isMembers, type Kustomization, recordsOf, textsOf } from './kustomization.ts';
import { builtinPluginFiles } from './plugin-files.ts';
import { type KustomizationReferences, referencesOf } from './references.ts';

/** Reads what kustomization files refer to, and remembers it by blob id. */
export interface KustomizationReader {
  /** Throws `MANIFEST_*` naming the file where it is no YAML: what kustomize would read of it is not known. */
  references(view: RepositoryView, file: Found): Promise<KustomizationReferences>;
  /** All texts of a kustomization that does nothing but list files, or folders of such; undefined for any other. */
  plainResources(view: RepositoryView, folder: Found): Promise<string | undefined>;
  /** What configurations of plugins make kustomize itself read. Throws `RENDER_FAILED` for addresses in them. */
  pluginReferences(text: string, place: string): PluginReferences;
}

export interface PluginReferences {
  files: string[];
  charts: ChartEntry[];
  /** There are plugins whose files are not known from their configuration. */
  others: boolean;
}

const plainFields = new Set(['apiVersion', 'kind', 'resources']);
const nothing = referencesOf({});
/** Kustomizations of plugins that are followed into each other. */
const maxNested = 10;
const pathFields = new Set(['path', 'paths', 'files', 'env', 'envs', 'valuesFile', 'additionalValuesFiles']);
const address = /^(?:[^=\s]*=)?https?:\/\//i;

/** An address in a field of a builtin plugin that names files. */
function addressIn(value: unknown, isPath: boolean): string | undefined {
  if (typeof value === 'string') return isPath && address.test(value) ? value : undefined;
  if (Array.isArray(value)) return value.map((item) => addressIn(item, isPath)).find((found) => found !== undefined);
  if (!isMembers(value)) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const found = key === 'valuesInline' ? undefined : addressIn(member, pathFields.has(key));
    if (found !== undefined) return found;
  }
  return undefined;
}

function valueFilesOf({ valuesFile, additionalValuesFiles }: Kustomization): string[] {
  const more: unknown[] = Array.isArray(additionalValuesFiles) ? additionalValuesFiles : [];
  return [valuesFile, ...more].filter((file): file is string => typeof file === 'string' && file !== '');
}

function read(value: Kustomization, place: string): KustomizationReferences {
  const kustomization = spellKustomization(value, place);
  for (const chart of recordsOf(kustomization['helmCharts'])) checkValueFiles(chart, place);
  return referencesOf(kustomization);
}

/** The texts of all files that a kustomization lists, itself and by others that only list files. */
async function plainTexts(view: RepositoryView, path: string, nested: number): Promise<string[] | undefined> {
  const files = await Promise.all(kustomizationNames.map((name) => view.find(joinPath(path, name))));
  const [file, ...more] = files.filter((found) => found?.kind === 'blob');
  if (!file || more.length > 0 || nested === 0) return undefined;
  const value = parseYaml(await view.text(file.oid), { file: file.path, lenient: true });
  if (!isMembers(value)) return undefined;
  const kustomization = spellKustomization(value, file.path);
  if (Object.keys(kustomization).some((field) => !plainFields.has(field))) return undefined;
  const texts: string[] = [];
  for (const name of textsOf(kustomization['resources'])) {
    const found = /^[\w./-]+$/.test(name) && !name.startsWith('/') ? await view.find(joinPath(path, name)) : null;
    if (!found) return undefined;
    const inner = found.kind === 'blob' ? [await view.text(found.oid)] : await plainTexts(view, found.path, nested - 1);
    if (!inner) return undefined;
    texts.push(...inner);
  }
  return texts;
}

/** @param limit kustomization files remembered. */
export function createKustomizationReader(limit = 10_000): KustomizationReader {
  const known = boundedMap<string, KustomizationReferences>(limit);
  return {
    async references(view, file) {
      const remembered = known.get(file.oid);
      if (remembered) return remembered;
      const value = parseYaml(await view.text(file.oid), { file: file.path, lenient: true });
      const references = isMembers(value) ? read(value, file.path) : nothing;
      known.set(file.oid, references);
      return references;
    },

    plainResources: (view, { path }) => plainTexts(view, path, maxNested).then((texts) => texts?.join('\n---\n')),

    pluginReferences(text, place) {
      const files: string[] = [];
      const charts: ChartEntry[] = [];
      let others = false;
      for (const object of parseManifests(text, { file: `plugin of ${place}` }).objects) {
        const config = spellPlugin(object, place);
        const named = builtinPluginFiles(config);
        others ||= named === undefined;
        if (config['apiVersion'] !== 'builtin') continue;
        const found = addressIn(config, false);
        if (found !== undefined) {
          throw new PlumblineError('RENDER_FAILED', `kustomization of ${place}: a builtin plugin reads a remote file`, {
            hint: 'put the file into the repository, or name it in a field of the kustomization',
          });
        }
        files.push(...(named ?? []));
        const chart = chartOfPlugin(config);
        if (!chart) continue;
        checkValueFiles(config, place);
        charts.push(chart);
        files.push(...valueFilesOf(config));
      }
      return { files, charts, others };
    },
  };
}
