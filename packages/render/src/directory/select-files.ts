import type { ApplicationSourceDirectory } from '@plumbline/apis';
import { createGlob } from '../repository/glob.ts';
import { folderOf, joinPath, relativePath } from '../repository/paths.ts';
import { walkTree } from '../repository/repository-view.ts';
import { isOverrideFile } from '../source-overrides.ts';
import type { SourceAtRevision } from '../type-renderer.ts';

const manifestName = /\.(yaml|yml|json|jsonnet)$/;

function filterOf(options: ApplicationSourceDirectory): (relative: string) => boolean {
  // One pattern for the whole path: without a separator, `*` passes `/` (reference §7.4).
  const glob = (pattern: string | undefined) => (pattern ? createGlob(pattern, { crossing: true }) : undefined);
  const include = glob(options.include);
  const exclude = glob(options.exclude);
  return (relative) => {
    const name = relative.slice(folderOf(relative).length).replace('/', '');
    if (!options.disableExtensionFilter && !manifestName.test(name)) return false;
    if (isOverrideFile(name)) return false;
    return !exclude?.(relative) && (include?.(relative) ?? true);
  };
}

/** Paths, in the repository, of the files (or symlinks) that the options choose; sorted. */
export async function selectFiles({ view, folder, source, context }: SourceAtRevision): Promise<string[]> {
  const options = source.directory ?? {};
  const matches = filterOf(options);
  const chosen: string[] = [];
  for await (const { path, entry } of walkTree(view.reader, folder.oid, { recurse: options.recurse ?? false })) {
    if (entry.kind !== 'blob' && entry.kind !== 'symlink') continue;
    if (!matches(path)) continue;
    if (isJsonnet(path) && !context.settings.enabled.jsonnet) continue;
    chosen.push(joinPath(folder.path, path));
  }
  return chosen.sort((a, b) => (relativePath(folder.path, a) < relativePath(folder.path, b) ? -1 : 1));
}

/** Whether a file is a Jsonnet program. */
export function isJsonnet(path: string): boolean {
  return path.endsWith('.jsonnet');
}
