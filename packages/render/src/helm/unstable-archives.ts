import { Readable } from 'node:stream';
import { hasCode } from '@plumbline/errors';
import { type ArchiveEntry, archiveEntries, isGzipped } from '../charts/archive-entries.ts';
import { type Use, unstableUses } from './unstable-templates.ts';

/** A use in a file, by its path in the chart. */
export interface FileUse extends Use {
  path: string;
}

/** Of templates of a chart, as Helm takes them, and of values, which templates can evaluate. */
export const templateFile = /(^|\/)templates\/.*\.(ya?ml|tpl|txt|json)$|^(charts\/[^/]+\/)*values\.yaml$/;
const valuesFile = /(^|\/)values\.yaml$/;
/** Of charts that a chart brings as archives. */
export const chartArchive = /(^|\/)charts\/[^/]+\.tgz$/;
/** Larger templates are not looked at. */
export const maxTemplateBytes = 1024 * 1024;
/** Nor are larger archives of charts. */
export const maxArchiveBytes = 16 * 1024 * 1024;
/** Of archives in archives. */
const maxDepth = 3;
/** In one archive. */
const maxFound = 50;
const limits = { files: 20_000, bytes: 128 * 1024 * 1024 };

/** Uses in one such file. Comments of values show examples. */
export function usesInFile(path: string, text: string): Use[] {
  const isValues = valuesFile.test(path) && !path.includes('templates/');
  return unstableUses(isValues ? text.replace(/^[ \t]*#.*$/gm, '') : text);
}

async function contentOf({ content }: ArchiveEntry): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function collect(archive: Buffer, depth: number, found: FileUse[]): Promise<void> {
  const options = { name: 'a dependency', strip: true, limits, gzipped: isGzipped(archive) };
  for await (const entry of archiveEntries(Readable.from([archive], { objectMode: false }), options)) {
    const { path, kind, size } = entry;
    if (kind !== 'blob' || found.length >= maxFound) continue;
    if (templateFile.test(path) && size <= maxTemplateBytes) {
      const text = (await contentOf(entry)).toString('utf8');
      found.push(...usesInFile(path, text).map((use) => ({ ...use, path })));
    } else if (chartArchive.test(path) && size <= maxArchiveBytes && depth < maxDepth) {
      const inner: FileUse[] = [];
      await collect(await contentOf(entry), depth + 1, inner);
      found.push(...inner.map((use) => ({ ...use, path: `${path}/${use.path}` })));
    }
  }
}

/** Uses of unstable functions in the templates of a chart's archive, and of the archives in it; of what is no archive none: Helm refuses it. */
export async function archiveUses(archive: Buffer): Promise<FileUse[]> {
  const found: FileUse[] = [];
  try {
    await collect(archive, 1, found);
  } catch (error) {
    if (!hasCode(error, 'CHART_ARCHIVE')) throw error;
  }
  return found.slice(0, maxFound);
}
