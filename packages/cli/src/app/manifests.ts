import { connect, type GlobalOptions } from '../config/connect.ts';
import { printData } from '../output/print-data.ts';
import type { Terminal } from '../terminal.ts';

export interface ManifestsOptions extends GlobalOptions {
  revision?: string;
  source: 'git' | 'live';
  output: 'yaml' | 'json';
}

/** `plumb app manifests`: what the source says, or with `--source live` what the cluster has. */
export async function showManifests(terminal: Terminal, name: string, options: ManifestsOptions): Promise<void> {
  const client = await connect(options);
  const params = { name };
  const texts =
    options.source === 'live'
      ? (await client.call('managedResources', { params })).items.map(({ liveState }) => liveState)
      : (await client.call('manifests', { params, query: { revision: options.revision } })).manifests;
  const objects = texts.filter((text) => text !== '' && text !== 'null').map((text): unknown => JSON.parse(text));
  if (options.output === 'json') return printData(terminal, 'json', objects);
  for (const object of objects) {
    terminal.out('---\n');
    await printData(terminal, 'yaml', object);
  }
}
