import { boundedMap } from '../bounded-map.ts';
import type { InputRecorder } from '../repository/input-recorder.ts';
import { joinPath } from '../repository/paths.ts';
import { type Found, type RepositoryView, walkTree } from '../repository/repository-view.ts';

/** What decides whether the templates of a chart can read its other files, by `.Files`. */
interface ChartTexts {
  /** A template may read them, or this cannot be told: archives of charts, symlinks, very large templates. */
  readsFiles: boolean;
  isChart: boolean;
  /** Values are templates too. */
  evaluatesValues: boolean;
  valuesNameFiles: boolean;
}

const filesWord = /\bFiles\b/;
/** The whole of what a template sees written out, with the files in it. */
const writesRoot =
  /\b(?:toYaml|toJson|toPrettyJson|toRawJson|toString|printf\s+"[^"]*")\s+\$\s*[|)}]|\$\s*\|\s*to[A-Z]/;
const evaluates = /\btpl\b/;
/** Larger texts are not looked at. */
const maxBytes = 1024 * 1024;
const maxRemembered = 20_000;

/** Whether values, where a chart evaluates them, could make it read files. */
export function namesFiles(values: string): boolean {
  return filesWord.test(values);
}

/** What Helm itself reads of a chart, beside its subcharts. */
const ownParts = new Set([
  'Chart.yaml',
  'Chart.lock',
  'requirements.yaml',
  'requirements.lock',
  'values.yaml',
  'values.schema.json',
  '.helmignore',
  'templates',
  'crds',
]);

export interface ChartTracing {
  /** Folders of charts that are built into it: their templates see its files. */
  libraries: readonly string[];
  /** Charts are built into it that cannot be looked at. */
  opaque: boolean;
  /** The values from outside the chart {@link namesFiles}, or cannot be looked at. */
  valuesNameFiles: boolean;
}

/** Records what Helm reads of a chart. */
export interface ChartTracer {
  /**
   * The whole folder, or where no template reads `.Files` only what Helm itself reads: a README or the values of a test are
   * no input then.
   */
  trace(inputs: InputRecorder, path: string, options: ChartTracing): Promise<void>;
}

async function recordParts(inputs: InputRecorder, { path, oid }: Pick<Found, 'path' | 'oid'>): Promise<void> {
  for (const { name, kind, oid: id } of await inputs.view.reader.readTree(oid)) {
    const part = joinPath(path, name);
    if (ownParts.has(name)) await inputs.look('', part);
    else if (name === 'charts' && kind === 'tree') await recordSubcharts(inputs, part, id);
  }
}

async function recordSubcharts(inputs: InputRecorder, path: string, tree: string): Promise<void> {
  for (const { name, oid } of await inputs.view.reader.readTree(tree)) {
    if (/^[._]/.test(name)) continue;
    const chart = { path: joinPath(path, name), oid };
    const isChart = (await inputs.view.reader.readTree(oid)).some((entry) => entry.name === 'Chart.yaml');
    if (isChart) await recordParts(inputs, chart);
    else await inputs.look('', chart.path);
  }
}

/** Remembers by object id what it read. */
export function createChartTracer(): ChartTracer {
  const known = boundedMap<string, ChartTexts>(maxRemembered);

  const read = async (view: RepositoryView, tree: Found): Promise<ChartTexts> => {
    const remembered = known.get(tree.oid);
    if (remembered) return remembered;
    const texts: ChartTexts = { isChart: false, readsFiles: false, evaluatesValues: false, valuesNameFiles: false };
    for await (const { path, entry } of walkTree(view.reader, tree.oid, { recurse: true })) {
      texts.isChart ||= path === 'Chart.yaml';
      const isTemplate = /(^|\/)templates\//.test(path);
      const isValues = /(^|\/)values\.yaml$/.test(path);
      if (entry.kind !== 'blob' || /(^|\/)charts\/[^/]*$/.test(path)) texts.readsFiles = true;
      else if (isTemplate || isValues) {
        const isLarge = (await view.reader.blobSize(entry.oid)) > maxBytes;
        const text = isLarge ? '' : await view.text(entry.oid);
        if (isTemplate) texts.readsFiles ||= isLarge || filesWord.test(text) || writesRoot.test(text);
        if (isTemplate) texts.evaluatesValues ||= evaluates.test(text);
        if (isValues) texts.valuesNameFiles ||= isLarge || namesFiles(text);
      }
    }
    known.set(tree.oid, texts);
    return texts;
  };

  return {
    async trace(inputs, path, { libraries, opaque, valuesNameFiles }) {
      const folders = await Promise.all([path, ...libraries].map((folder) => inputs.view.find(folder)));
      const trees = folders.filter((found): found is Found => found?.kind === 'tree');
      const all = await Promise.all(trees.map((tree) => read(inputs.view, tree)));
      const fromValues =
        all.some((texts) => texts.evaluatesValues) && (valuesNameFiles || all.some((texts) => texts.valuesNameFiles));
      const [own] = trees;
      const known = !opaque && trees.length === folders.length && all.every((texts) => texts.isChart);
      if (own && known && !fromValues && !all.some((texts) => texts.readsFiles)) await recordParts(inputs, own);
      else await inputs.look('', path);
    },
  };
}
