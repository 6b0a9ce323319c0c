import { PlumblineError } from '@plumbline/errors';
import { parseManifests } from '@plumbline/manifests';
import type { RenderKit, TypeRenderer } from '../type-renderer.ts';
import { askForManifests, type Plugin } from './plugin-client.ts';
import { fullName } from './plugin-description.ts';
import { pluginSource } from './plugin-source.ts';
import type { PluginSelection } from './select-plugin.ts';

/** As it is written in a receipt. */
function versionOf({ version, digest }: Plugin): string {
  return `${version === '' ? '' : `${version} `}sha256:${digest}`;
}

/** Config management plugins (reference §7.5), run by plugin servers. */
export function pluginRenderer(kit: Pick<RenderKit, 'maxOutputBytes'>, selection: PluginSelection): TypeRenderer {
  return {
    async trace(at, inputs) {
      const plugin = await selection.of(at);
      const { environment, exclusions, root } = await pluginSource(plugin, at);
      if (root.path === '') inputs.addEverything();
      else await inputs.look('', root.path);
      const facts = { environment, ...(exclusions.length > 0 ? { exclusions } : {}) };
      return { facts, tools: { [`plugin ${fullName(plugin)}`]: versionOf(plugin) } };
    },

    async render(at, _inputs, { signal, tools }) {
      const plugin = await selection.of(at);
      const name = `plugin ${fullName(plugin)}`;
      if (tools[name] !== versionOf(plugin)) {
        throw new PlumblineError('RENDER_FAILED', `${name} was replaced while the source was rendered`, {
          retry: 'transient',
        });
      }
      const access = plugin.credentials ? await at.surroundings.access?.() : undefined;
      const source = { ...(await pluginSource(plugin, at)), ...(access ? { access } : {}) };
      const output = await askForManifests(plugin, source, {
        signal,
        maxBytes: kit.maxOutputBytes,
      });
      return parseManifests(output, { file: name, strict: true });
    },
  };
}
