import { isOutside, joinPath, normalisePath } from '../repository/paths.ts';
import type { SourceAtRevision } from '../type-renderer.ts';
import type { PluginInputs } from './plugin-description.ts';

const globCharacters = /[*?[{]/;

/** Paths of the annotation manifest-generate-paths, from the root of the repository; of globs what is fixed. */
export function generatePaths(annotation: string, folder: string): string[] {
  return annotation
    .split(';')
    .map((item) => item.trim())
    .filter(Boolean)
    .map((item) => normalisePath(item.startsWith('/') ? item : joinPath(folder, item)))
    .map((path) => {
      const parts = path.split('/');
      const wild = parts.findIndex((part) => globCharacters.test(part));
      return wild < 0 ? path : parts.slice(0, wild).join('/');
    });
}

/** The deepest folder that all of the paths lie in; '' where they have none in common. */
export function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  const parts = first === '' ? [] : first.split('/');
  const shared = parts.findIndex((part, index) => others.some((path) => path.split('/')[index] !== part));
  return (shared < 0 ? parts : parts.slice(0, shared)).join('/');
}

/**
 * The folder of the repository that a plugin gets: all of it, the source's where the plugin says so, and where the operator
 * wants it, the one around the source's folder and what the Application's annotation names.
 */
export function sentFolder({ inputs }: { inputs: PluginInputs }, { folder, context }: SourceAtRevision): string {
  const { settings, manifestGeneratePaths } = context;
  const named =
    settings.pluginsGetGeneratePaths && manifestGeneratePaths ? generatePaths(manifestGeneratePaths, folder.path) : [];
  if (named.some(isOutside)) return '';
  if (named.length > 0) return commonFolder([folder.path, ...named]);
  return inputs === 'source' ? folder.path : '';
}
