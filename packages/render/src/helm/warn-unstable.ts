import { readFile, stat } from 'node:fs/promises';
import { boundedMap } from '../bounded-map.ts';
import { joinPath } from '../repository/paths.ts';
import { type RepositoryView, walkTree } from '../repository/repository-view.ts';
import type { DependencyCharts, TracedInput } from '../types.ts';
import {
  archiveUses,
  chartArchive,
  type FileUse,
  maxArchiveBytes,
  maxTemplateBytes,
  templateFile,
  usesInFile,
} from './unstable-archives.ts';
import { unstableWarnings } from './unstable-warnings.ts';

const maxRemembered = 20_000;

/** What is looked at. */
export interface UnstableQuery {
  view: RepositoryView;
  /** The chart's folder, and the id of its tree. */
  chart: { path: string; oid: string };
  /** Archives of its dependencies: where they are put, and their digests. */
  archives: readonly TracedInput[];
  charts: DependencyCharts | undefined;
}

/** Finds what makes a chart render otherwise each time, or otherwise than by `helm install`. */
export interface UnstableTemplates {
  /** One warning for each chart with file and line, also for charts in archives. */
  warnings(query: UnstableQuery): Promise<string[]>;
}

/** Remembers what it found by object id, so that each template and each archive is read once. */
export function findUnstableTemplates(): UnstableTemplates {
  const known = boundedMap<string, readonly FileUse[]>(maxRemembered);

  const once = async (key: string, find: () => Promise<FileUse[]>): Promise<readonly FileUse[]> => {
    const remembered = known.get(key);
    if (remembered) return remembered;
    const found = await find();
    known.set(key, found);
    return found;
  };

  const inTemplate = (view: RepositoryView, path: string, oid: string) =>
    once(`${path.endsWith('values.yaml')} ${oid}`, async () => {
      const isLarge = (await view.reader.blobSize(oid)) > maxTemplateBytes;
      return isLarge ? [] : usesInFile(path, await view.text(oid)).map((use) => ({ ...use, path: '' }));
    });

  const inVendored = (view: RepositoryView, oid: string) =>
    once(oid, async () => {
      const isLarge = (await view.reader.blobSize(oid)) > maxArchiveBytes;
      return isLarge ? [] : archiveUses(Buffer.from(await view.reader.readBlob(oid)));
    });

  const inDependency = (digest: string, charts: DependencyCharts | undefined) =>
    once(digest, async () => {
      const file = await charts?.archive(digest);
      const isLarge = file === undefined || (await stat(file)).size > maxArchiveBytes;
      return isLarge ? [] : archiveUses(await readFile(file));
    });

  async function* all({ view, chart, archives, charts }: UnstableQuery): AsyncGenerator<FileUse> {
    for await (const { path, entry } of walkTree(view.reader, chart.oid, { recurse: true })) {
      if (entry.kind !== 'blob') continue;
      const file = joinPath(chart.path, path);
      if (templateFile.test(path)) {
        for (const use of await inTemplate(view, path, entry.oid)) yield { ...use, path: file };
      } else if (chartArchive.test(path)) {
        for (const use of await inVendored(view, entry.oid)) yield { ...use, path: joinPath(file, use.path) };
      }
    }
    for (const { path, oid } of archives) {
      for (const use of await inDependency(oid ?? '', charts)) yield { ...use, path: joinPath(path, use.path) };
    }
  }

  return {
    async warnings(query) {
      return unstableWarnings(await Array.fromAsync(all(query)));
    },
  };
}
