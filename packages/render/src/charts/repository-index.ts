import { PlumblineError } from '@plumbline/errors';
import { parseYaml } from '@plumbline/manifests';
import type { ChartVersions } from './types.ts';

/** One version of a chart in the index of a Helm repository. */
export interface IndexEntry {
  version: string;
  /** As written: absolute or relative to the repository. */
  urls: readonly string[];
  /** SHA-256 of the archive, 64 hex digits. */
  digest?: string;
}

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readEntry(value: unknown): IndexEntry[] {
  if (!isMembers(value)) return [];
  const { version, urls, digest } = value;
  if (typeof version !== 'string' || !Array.isArray(urls)) return [];
  const hex = typeof digest === 'string' ? digest.replace(/^sha256:/, '').toLowerCase() : '';
  return [
    {
      version,
      urls: urls.filter((url) => typeof url === 'string'),
      ...(/^[0-9a-f]{64}$/.test(hex) ? { digest: hex } : {}),
    },
  ];
}

/** Indentation of a line; undefined for empty ones and comments. */
function indentOf(line: string): number | undefined {
  const text = line.trimStart();
  return text === '' || text.startsWith('#') ? undefined : line.length - text.length;
}

/**
 * The lines of one chart, as Helm writes an index: block style, charts as keys of `entries`. An index can have tens of
 * megabytes, of which one chart is a small part: only that is parsed.
 */
function blockOf(text: string, chart: string): string | undefined {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /^entries:\s*$/.test(line)) + 1;
  if (start === 0) return undefined;
  const names = [chart, `"${chart}"`, `'${chart}'`].map((name) => `${name}:`);
  let level: number | undefined;
  let block: string[] | undefined;
  for (let at = start; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const indent = indentOf(line);
    if (indent === undefined) continue;
    level ??= indent;
    const isKey = indent <= level && !line.trimStart().startsWith('- ');
    if (block && isKey) break;
    if (indent < level) break;
    if (block) block.push(line);
    else if (isKey && names.includes(line.trim())) block = [line];
  }
  return block?.join('\n');
}

function entriesIn(value: unknown, chart: string): IndexEntry[] | undefined {
  if (!isMembers(value) || !Object.hasOwn(value, chart)) return undefined;
  const list = value[chart];
  return Array.isArray(list) ? list.flatMap(readEntry) : [];
}

function readBlock(block: string, chart: string): IndexEntry[] | undefined {
  try {
    return entriesIn(parseYaml(block, { file: 'index.yaml' }), chart);
  } catch {
    // For example an alias of something outside the block: the whole index says more.
    return undefined;
  }
}

/**
 * The versions of a chart, in the order of the index; undefined where it has no such chart.
 * Throws `CHART_INDEX` where the text is no index.
 *
 * @param url of the index, for errors.
 */
export function chartEntries(text: string, chart: string, url: string): IndexEntry[] | undefined {
  const block = blockOf(text, chart);
  const quick = block === undefined ? undefined : readBlock(block, chart);
  return quick ?? entriesIn(wholeIndex(text, url), chart);
}

/** Every chart of an index with its versions. Throws `CHART_INDEX` where the text is no index. */
export function allCharts(text: string, url: string): ChartVersions[] {
  const entries = wholeIndex(text, url) ?? {};
  return Object.keys(entries).map((name) => ({
    name,
    versions: (entriesIn(entries, name) ?? []).map(({ version }) => version),
  }));
}

function wholeIndex(text: string, url: string): Members | undefined {
  let index: unknown;
  try {
    index = parseYaml(text, { file: url });
  } catch (error) {
    throw new PlumblineError('CHART_INDEX', `${url} is no index of a Helm repository: it is not YAML`, {
      cause: error,
    });
  }
  if (!isMembers(index) || !isMembers(index['entries'] ?? {})) {
    throw new PlumblineError('CHART_INDEX', `${url} is no index of a Helm repository`, {
      hint: 'check the URL: index.yaml is looked up below it',
    });
  }
  return isMembers(index['entries']) ? index['entries'] : undefined;
}
