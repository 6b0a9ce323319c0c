import { createRemoteFiles } from '../network/remote-files.ts';
import { askForParameters } from '../plugin/plugin-client.ts';
import { pluginSource } from '../plugin/plugin-source.ts';
import type { PluginSelection } from '../plugin/select-plugin.ts';
import type { SourceAtRevision } from '../type-renderer.ts';
import type { RenderedSource, SourceType } from '../types.ts';
import { helmDetails } from './helm-details.ts';
import { imagesOf } from './images.ts';
import type { SourceDetails } from './source-details.ts';

export interface DescribeOptions {
  plugins: PluginSelection;
  /** Traces and renders. */
  render(at: SourceAtRevision, type: SourceType, signal: AbortSignal | undefined): Promise<RenderedSource>;
}

/** Says what a source of a type can be told. Throws what rendering it throws. */
export type DescribeSource = (
  at: SourceAtRevision,
  type: SourceType,
  signal: AbortSignal | undefined,
) => Promise<SourceDetails>;

export function createDescribeSource({ plugins, render }: DescribeOptions): DescribeSource {
  const remote = createRemoteFiles();
  return async (at, type, signal) => {
    switch (type) {
      case 'Directory':
        return { type, directory: {} };
      case 'Kustomize':
        return { type, kustomize: { images: imagesOf((await render(at, type, signal)).objects) } };
      case 'Helm':
        return { type, helm: await helmDetails(at, remote) };
      case 'Plugin': {
        const plugin = await plugins.of(at);
        const parametersAnnouncement = await askForParameters(plugin, await pluginSource(plugin, at), signal);
        return { type, plugin: { parametersAnnouncement } };
      }
    }
  };
}
