import { PlumblineError } from '@plumbline/errors';
import { boundedMap } from '../bounded-map.ts';
import { canonicalJson } from '../digest.ts';
import { displayPath } from '../repository/paths.ts';
import type { SourceAtRevision } from '../type-renderer.ts';
import { createDiscoveryMatcher } from './discovery-pattern.ts';
import { askForMatch, type Plugin } from './plugin-client.ts';
import { fullName } from './plugin-description.ts';
import type { PluginFolder } from './plugin-folder.ts';
import { pluginSource } from './plugin-source.ts';

/** Finds the plugin of a source (reference §7.5, "Matching"). */
export interface PluginSelection {
  /** The first plugin whose discovery claims the source. */
  discovered(at: SourceAtRevision): Promise<Plugin | undefined>;
  /**
   * The plugin that the source names, which must claim it where it has discovery, or else the discovered one. Throws
   * `RENDER_INVALID_SOURCE` where there is none.
   */
  of(at: SourceAtRevision): Promise<Plugin>;
}

function discoveryText({ discovery }: Plugin): string {
  switch (discovery.kind) {
    case 'fileName':
    case 'glob':
      return `${discovery.kind} ${discovery.pattern}`;
    case 'command':
    case 'none':
      return discovery.kind;
  }
}

/** Whether the discovery of a plugin claims a source; answers are remembered by content. */
function createClaims(): (plugin: Plugin, at: SourceAtRevision) => Promise<boolean> {
  const matcher = createDiscoveryMatcher();
  const answers = boundedMap<string, boolean>(1_000);

  const ask = async (plugin: Plugin, at: SourceAtRevision): Promise<boolean> => {
    const source = await pluginSource(plugin, at);
    const key = canonicalJson([plugin.digest, source.root, source.exclusions, source.path, source.environment]);
    const answer = answers.get(key) ?? (await askForMatch(plugin, source));
    answers.set(key, answer);
    return answer;
  };

  return async (plugin, at) => {
    switch (plugin.discovery.kind) {
      case 'none':
        return false;
      case 'fileName':
      case 'glob':
        return matcher.matches(at.view.reader, at.folder.oid, plugin.discovery);
      case 'command':
        return ask(plugin, at);
    }
  };
}

function refuse(at: SourceAtRevision, problem: string, hint?: string): PlumblineError {
  const message = `${displayPath(at.folder.path)}: ${problem}`;
  return new PlumblineError('RENDER_INVALID_SOURCE', message, hint === undefined ? {} : { hint });
}

export function createPluginSelection(folder: PluginFolder): PluginSelection {
  const claims = createClaims();

  const discovered = async (at: SourceAtRevision): Promise<Plugin | undefined> => {
    for (const plugin of await folder.all()) {
      if (await claims(plugin, at)) return plugin;
    }
    return undefined;
  };

  return {
    discovered,
    async of(at) {
      const name = at.source.plugin?.name;
      const plugin = name ? await folder.named(name) : await discovered(at);
      if (!plugin) {
        const hint = 'name the plugin in spec.source.plugin.name, or check the discovery of the plugins';
        throw refuse(at, 'no config management plugin claims the source', hint);
      }
      if (!name || plugin.discovery.kind === 'none' || (await claims(plugin, at))) return plugin;
      const finds = `its discovery (${discoveryText(plugin)}) finds nothing`;
      throw refuse(at, `plugin ${fullName(plugin)} does not support the source: ${finds}`);
    },
  };
}
