import type { SourceAtRevision } from '../type-renderer.ts';
import type { PluginDescription } from './plugin-description.ts';
import { pluginEnvironment } from './plugin-environment.ts';
import type { PluginSource } from './send-source.ts';

/** What a plugin gets of a source. */
export function pluginSource(
  { inputs }: PluginDescription,
  { view, folder, source, environment, context }: SourceAtRevision,
): PluginSource {
  return {
    view,
    root: inputs === 'source' ? { path: folder.path, oid: folder.oid } : { path: '', oid: view.root },
    path: folder.path,
    environment: pluginEnvironment({
      plugin: source.plugin,
      build: environment,
      kubeVersion: context.kubeVersion,
      apiVersions: context.apiVersions,
      inputs,
    }),
  };
}
