import { PlumblineError } from '@plumbline/errors';
import { displayPath, relativePath } from '../repository/paths.ts';
import type { SourceAtRevision } from '../type-renderer.ts';
import { exclusionOf } from './exclusions.ts';
import type { PluginDescription } from './plugin-description.ts';
import { pluginEnvironment } from './plugin-environment.ts';
import type { PluginSource } from './send-source.ts';
import { sentFolder } from './sent-folder.ts';

/** The source's folder and those around it, from the root of what is sent. */
function foldersOf(path: string): string[] {
  const parts = path === '' ? [] : path.split('/');
  return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
}

function checkFolder({ folder, context }: SourceAtRevision, root: string): void {
  const isExcluded = exclusionOf(context.settings.pluginExclusions ?? []);
  if (!foldersOf(relativePath(root, folder.path)).some(isExcluded)) return;
  throw new PlumblineError(
    'RENDER_INVALID_SOURCE',
    `${displayPath(folder.path)}: plugins do not get the source's folder`,
    {
      hint: 'reposerver.plugin.tar.exclusions leaves it out: exclude less, or use another folder',
    },
  );
}

/** What a plugin gets of a source. Throws `RENDER_INVALID_SOURCE` where the settings keep the source's folder from it. */
export async function pluginSource(plugin: PluginDescription, at: SourceAtRevision): Promise<PluginSource> {
  const { view, folder, source, environment, context } = at;
  const path = sentFolder(plugin, at);
  checkFolder(at, path);
  return {
    view,
    root: { path, oid: path === '' ? view.root : ((await view.find(path))?.oid ?? folder.oid) },
    exclusions: context.settings.pluginExclusions ?? [],
    path: folder.path,
    environment: pluginEnvironment({
      plugin: source.plugin,
      build: environment,
      kubeVersion: context.kubeVersion,
      apiVersions: context.apiVersions,
      inputs: plugin.inputs,
    }),
  };
}
