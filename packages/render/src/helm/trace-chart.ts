import { boundedMap } from '../bounded-map.ts';
import type { InputRecorder } from '../repository/input-recorder.ts';
import { isOutside, joinPath, normalisePath } from '../repository/paths.ts';
import { type Found, type RepositoryView, walkTree } from '../repository/repository-view.ts';

interface NamedFile {
  name: string;
  /** The folder of the chart whose file it is, from the folder that was looked at; undefined where it may be any chart's. */
  chart: string | undefined;
}

/** What decides whether the templates of a chart can read its other files, by `.Files`. */
interface ChartTexts {
  /** A template may read them, or this cannot be told: archives of charts, symlinks, very large templates. */
  readsFiles: boolean;
  /** Files and globs that templates name in so many words. */
  named: NamedFile[];
  isChart: boolean;
  /** Values are templates too. */
  evaluatesValues: boolean;
  readsSubcharts: boolean;
  valuesNameFiles: boolean;
}

const filesWord = /\bFiles\b/;
const anyFiles = /\bFiles\b/g;
/** An access that names what it reads. */
const namedFiles = /\bFiles\.(?:Get|GetBytes|Lines|Glob)\s+(?:"([^"\\]*)"|`([^`]*)`)/g;
/** The whole of what a template sees written out, with the files in it. */
const writesRoot =
  /\b(?:toYaml|toJson|toPrettyJson|toRawJson|toString|printf\s+"[^"]*")\s+\$\s*[|)}]|\$\s*\|\s*to[A-Z]/;
const evaluates = /\btpl\b/;
/** What is defined for others may be run with the files of any chart. */
const definesForOthers = /\{\{-?\s*(?:define|block)\b/;
/** By which a template has the files of other charts. */
const subcharts = /\bSubcharts\b/;
/** Larger texts are not looked at. */
const maxBytes = 1024 * 1024;
const maxRemembered = 20_000;

/** Whether values, where a chart evaluates them, could make it read files. */
export function namesFiles(values: string): boolean {
  return filesWord.test(values);
}

/** Whether each access to files names what it reads, which is collected. */
function collectNamed(text: string, path: string, named: NamedFile[]): boolean {
  const accesses = [...text.matchAll(namedFiles)];
  const chart = definesForOthers.test(text) ? undefined : path.replace(/(^|\/)templates\/.*$/s, '');
  named.push(...accesses.map(([, quoted, raw]) => ({ name: fixedPart(quoted ?? raw ?? ''), chart })));
  return accesses.length === [...text.matchAll(anyFiles)].length;
}

/** The file, or the folder that a glob begins with; '' where that is the chart itself. */
function fixedPart(name: string): string {
  const parts = normalisePath(name).split('/');
  const glob = parts.findIndex((part) => /[*?[{\\]/.test(part));
  return parts.slice(0, glob < 0 ? undefined : glob).join('/');
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
  /** Folders of charts that are built into it: recorded too. Their templates see its files. */
  libraries: readonly string[];
  /** Charts are built into it that cannot be looked at. */
  opaque: boolean;
  /** The values from outside the chart {@link namesFiles}, or cannot be looked at. */
  valuesNameFiles: boolean;
}

/** Records what Helm reads of a chart. */
export interface ChartTracer {
  /**
   * The whole folder, or where the templates name all that they read by `.Files` only that and what Helm itself reads: a
   * README or the values of a test are no input then.
   */
  trace(inputs: InputRecorder, path: string, options: ChartTracing): Promise<void>;
}

type Tree = Pick<Found, 'path' | 'oid'>;

/** The files that the chart in a folder may be asked for by name. */
type NamesOf = (chart: string) => ReadonlySet<string>;

async function recordParts(inputs: InputRecorder, { path, oid }: Tree, names: { of: NamesOf; chart: string }) {
  for (const { name, kind, oid: id } of await inputs.view.reader.readTree(oid)) {
    const part = joinPath(path, name);
    if (ownParts.has(name)) await inputs.look('', part, 'yaml');
    else if (name === 'charts' && kind === 'tree') await recordSubcharts(inputs, { path: part, oid: id }, names);
  }
  for (const file of names.of(names.chart)) {
    if (await inputs.view.entry(joinPath(path, file))) await inputs.look('', joinPath(path, file));
  }
}

async function recordSubcharts(inputs: InputRecorder, charts: Tree, names: { of: NamesOf; chart: string }) {
  for (const { name, oid } of await inputs.view.reader.readTree(charts.oid)) {
    if (/^[._]/.test(name)) continue;
    const chart = { path: joinPath(charts.path, name), oid };
    const isChart = (await inputs.view.reader.readTree(oid)).some((entry) => entry.name === 'Chart.yaml');
    if (isChart) await recordParts(inputs, chart, { of: names.of, chart: joinPath(names.chart, `charts/${name}`) });
    else await inputs.look('', chart.path);
  }
}

/** Who may be asked for which files; those of a tree's own charts are only for them, unless templates go through subcharts. */
function namesIn(own: ChartTexts, all: readonly ChartTexts[]): NamesOf {
  const anyones = all.some((texts) => texts.readsSubcharts);
  const common = all.flatMap(({ named }) => named.filter(({ chart }) => anyones || chart === undefined));
  return (chart) => {
    const names = [...common, ...own.named.filter((file) => file.chart === chart)].map(({ name }) => name);
    return new Set(names.filter((name) => !isOutside(name)));
  };
}

/** Remembers by object id what it read. */
export function createChartTracer(): ChartTracer {
  const known = boundedMap<string, ChartTexts>(maxRemembered);

  const read = async (view: RepositoryView, tree: Found): Promise<ChartTexts> => {
    const remembered = known.get(tree.oid);
    if (remembered) return remembered;
    const texts: ChartTexts = {
      isChart: false,
      readsFiles: false,
      named: [],
      evaluatesValues: false,
      readsSubcharts: false,
      valuesNameFiles: false,
    };
    for await (const { path, entry } of walkTree(view.reader, tree.oid, { recurse: true })) {
      texts.isChart ||= path === 'Chart.yaml';
      const isTemplate = /(^|\/)templates\//.test(path);
      const isValues = /(^|\/)values\.yaml$/.test(path);
      if (entry.kind !== 'blob' || /(^|\/)charts\/[^/]*$/.test(path)) texts.readsFiles = true;
      else if (isTemplate || isValues) {
        const isLarge = (await view.reader.blobSize(entry.oid)) > maxBytes;
        const text = isLarge ? '' : await view.text(entry.oid);
        if (isTemplate) texts.readsFiles ||= isLarge || writesRoot.test(text) || !collectNamed(text, path, texts.named);
        if (isTemplate) texts.evaluatesValues ||= evaluates.test(text);
        if (isTemplate) texts.readsSubcharts ||= subcharts.test(text);
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
      const named = new Set(all.flatMap((texts) => texts.named).map(({ name }) => name));
      // A file that is evaluated may name others.
      const fromValues =
        all.some((texts) => texts.evaluatesValues) &&
        (named.size > 0 || valuesNameFiles || all.some((texts) => texts.valuesNameFiles));
      const whole = opaque || fromValues || named.has('') || all.some((texts) => texts.readsFiles || !texts.isChart);
      if (whole || trees.length < folders.length) {
        for (const folder of [path, ...libraries]) await inputs.look('', folder);
        return;
      }
      for (const [index, tree] of trees.entries()) {
        const own = all[index];
        if (own) await recordParts(inputs, tree, { of: namesIn(own, all), chart: '' });
      }
    },
  };
}
