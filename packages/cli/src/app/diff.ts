import type { ApiClient, ManagedResource } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { differing, diffText } from '../output/diff-text.ts';
import { bold, dim, green, red } from '../output/paint.ts';
import type { Terminal } from '../terminal.ts';
import { localManifests } from './local-manifests.ts';
import { type RefreshOptions, refreshLevel } from './refresh-level.ts';

export interface DiffOptions extends GlobalOptions, RefreshOptions {
  revision?: string;
  local?: string;
  exitCode: boolean;
  diffExitCode: number;
}

/** Both sides of every object: with the source as it is, or with the manifests that the flags name. */
async function compared(client: ApiClient, name: string, options: DiffOptions): Promise<ManagedResource[]> {
  const params = { name };
  const { revision, local } = options;
  if (!revision && !local) return (await client.call('managedResources', { params })).items;
  const targetManifests = local
    ? await localManifests(local)
    : (await client.call('manifests', { params, query: { revision } })).manifests;
  const body = { targetManifests };
  return (await client.call('serverSideDiff', { params, body })).items;
}

/** `plumb app diff`: the fields in which live and target state differ. Answers the exit code. */
export async function diffApp(terminal: Terminal, name: string, options: DiffOptions): Promise<number> {
  const client = await connect(options);
  const query = { refresh: refreshLevel(options) };
  await client.call('getApplication', { params: { name }, query });
  const found = differing(await compared(client, name, options));
  const style = { dim, now: terminal.now(), live: red, target: green };
  for (const item of found) {
    const [heading = '', ...lines] = diffText(item, style).split('\n');
    terminal.out(`${bold(heading)}\n${lines.join('\n')}`);
  }
  return found.length > 0 && options.exitCode ? options.diffExitCode : 0;
}
