import type { ApiClient } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { printData } from '../output/print-data.ts';
import type { Terminal } from '../terminal.ts';
import { localManifests } from './local/local-manifests.ts';
import { manifestRevisions, type SourceRevisionFlags } from './source-revisions.ts';

interface ManifestsOptions extends GlobalOptions, SourceRevisionFlags {
  revision?: string;
  local?: string;
  localRepoRoot?: string;
  source: 'git' | 'live';
  output: 'yaml' | 'json';
}

async function textsOf(
  { client, terminal, name }: { client: ApiClient; terminal: Terminal; name: string },
  options: ManifestsOptions,
): Promise<string[]> {
  const params = { name };
  if (options.source === 'live') {
    return (await client.call('managedResources', { params })).items.map(({ liveState }) => liveState);
  }
  const { revision, local, localRepoRoot } = options;
  if (!local && !options.revisions) return (await client.call('manifests', { params, query: { revision } })).manifests;
  const application = await client.call('getApplication', { params });
  if (local) return localManifests({ client, terminal, application, path: local, root: localRepoRoot });
  const query = { revision, ...manifestRevisions(application, options) };
  return (await client.call('manifests', { params, query })).manifests;
}

/** `plumb app manifests`: what the source says, or with `--source live` what the cluster has. */
export async function showManifests(terminal: Terminal, name: string, options: ManifestsOptions): Promise<void> {
  const client = await connect(options);
  const texts = await textsOf({ client, terminal, name }, options);
  const objects = texts.filter((text) => text !== '' && text !== 'null').map((text): unknown => JSON.parse(text));
  if (options.output === 'json') return printData(terminal, 'json', objects);
  for (const object of objects) {
    terminal.out('---\n');
    await printData(terminal, 'yaml', object);
  }
}
