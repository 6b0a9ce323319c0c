import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PlumblineError } from '@plumbline/errors';
import { shownPath } from '../repository/paths.ts';
import { describePlugin, type Plugin } from './plugin-client.ts';
import { fullName } from './plugin-description.ts';

const suffix = '.sock';

/** The plugins whose sockets lie in one folder. */
export interface PluginFolder {
  /**
   * Every plugin, sorted by its socket's name. Throws `RENDER_PLUGIN_UNREACHABLE` where one has never answered: what it
   * would claim is not known.
   */
  all(): Promise<Plugin[]>;
  /**
   * The plugin of that name: `<name>-<version>`, or `<name>` where one version is there. Throws `RENDER_INVALID_SOURCE`
   * naming what there is.
   */
  named(name: string): Promise<Plugin>;
  /** Changes when a plugin comes, goes or is replaced: what a trace may depend on beyond Git. */
  state(): Promise<string>;
}

interface Socket {
  path: string;
  name: string;
  /** Another one for a server that was started again. */
  identity: string;
}

/** What cannot be read is not there. */
function tried<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** Synchronous: it is asked for every render, and there are a few sockets at most. */
function readSockets(folder: string): Socket[] {
  const sockets: Socket[] = [];
  for (const file of tried(() => readdirSync(folder).sort()) ?? []) {
    if (!file.endsWith(suffix)) continue;
    const path = join(folder, file);
    const found = tried(() => statSync(path));
    if (!found?.isSocket()) continue;
    sockets.push({ path, name: file.slice(0, -suffix.length), identity: `${found.ino} ${found.ctimeMs}` });
  }
  return sockets;
}

/** The names of the plugins whose servers have a socket in the folder, sorted. */
export async function pluginNames(folder: string): Promise<string[]> {
  return readSockets(folder).map(({ name }) => name);
}

/** @param folder may be missing: no plugins. Undefined: none are wanted. */
export function openPluginFolder(folder: string | undefined): PluginFolder {
  const known = new Map<string, { identity: string; plugin: Promise<Plugin> }>();

  const sockets = (): Socket[] => (folder === undefined ? [] : readSockets(folder));

  const describe = ({ path, name, identity }: Socket): Promise<Plugin> => {
    const remembered = known.get(path);
    if (remembered?.identity === identity) return remembered.plugin;
    const plugin = describePlugin(path, name);
    known.set(path, { identity, plugin });
    plugin.catch(() => known.get(path)?.plugin === plugin && known.delete(path));
    return plugin;
  };

  return {
    all: async () => Promise.all(sockets().map(describe)),
    async named(name) {
      const present = sockets();
      const exact = present.find((socket) => socket.name === name);
      if (exact) return describe(exact);
      const plugins = (await Promise.allSettled(present.map(describe))).flatMap((result) =>
        result.status === 'fulfilled' ? [result.value] : [],
      );
      const [found, ...others] = plugins.filter((plugin) => plugin.name === name);
      if (found && others.length === 0) return found;
      const there =
        present.length === 0 ? 'there is no plugin' : `there are ${present.map((at) => at.name).join(', ')}`;
      throw found
        ? new PlumblineError('RENDER_INVALID_SOURCE', `there are several versions of plugin ${shownPath(name)}`, {
            hint: `use one of ${[found, ...others].map(fullName).join(', ')}`,
          })
        : new PlumblineError('RENDER_INVALID_SOURCE', `config management plugin ${shownPath(name)} is not available`, {
            hint: `${there}; run \`plumb plugin-server\` beside the repo-server`,
          });
    },
    state: async () =>
      sockets()
        .map(({ name, identity }) => `${name} ${identity}`)
        .join('\n'),
  };
}
