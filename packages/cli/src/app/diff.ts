import type { Application } from '@plumbline/apis';
import type { ApiClient, ManagedResource } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { differing, diffText } from '../output/diff-text.ts';
import { bold, dim, green, red } from '../output/paint.ts';
import type { Terminal } from '../terminal.ts';
import { localManifests, type ServerRender } from './local/local-manifests.ts';
import { type RefreshOptions, refreshLevel } from './refresh-level.ts';
import { manifestRevisions, type SourceRevisionFlags } from './source-revisions.ts';

interface DiffOptions extends GlobalOptions, RefreshOptions, SourceRevisionFlags, ServerRender {
  revision?: string;
  local?: string;
  localRepoRoot?: string;
  exitCode: boolean;
  diffExitCode: number;
}

interface Asked {
  client: ApiClient;
  terminal: Terminal;
  name: string;
  application: Application;
}

/** The manifests that the flags name in place of the source's; undefined where they name none. */
async function otherManifests(asked: Asked, options: DiffOptions): Promise<string[] | undefined> {
  const { client, name, application } = asked;
  const { revision, local, localRepoRoot } = options;
  if (local) return localManifests({ ...asked, path: local, root: localRepoRoot }, options);
  const several = manifestRevisions(application, options);
  if (!revision && !several.revisions) return undefined;
  return (await client.call('manifests', { params: { name }, query: { revision, ...several } })).manifests;
}

/** Both sides of every object: with the source as it is, or with the manifests that the flags name. */
async function compared(asked: Asked, options: DiffOptions): Promise<ManagedResource[]> {
  const { client, name } = asked;
  const params = { name };
  const targetManifests = await otherManifests(asked, options);
  if (!targetManifests) return (await client.call('managedResources', { params })).items;
  return (await client.call('serverSideDiff', { params, body: { targetManifests } })).items;
}

/** Shows the fields in which live and target state differ. Answers how many objects differ. */
export async function showDifferences(asked: Asked, options: DiffOptions): Promise<number> {
  const { terminal } = asked;
  const found = differing(await compared(asked, options));
  const style = { dim, now: terminal.now(), live: red, target: green };
  for (const item of found) {
    const [heading = '', ...lines] = diffText(item, style).split('\n');
    terminal.out(`${bold(heading)}\n${lines.join('\n')}`);
  }
  return found.length;
}

/** `plumb app diff`: the fields in which live and target state differ. Answers the exit code. */
export async function diffApp(terminal: Terminal, name: string, options: DiffOptions): Promise<number> {
  const client = await connect(options);
  const query = { refresh: refreshLevel(options) };
  const application = await client.call('getApplication', { params: { name }, query });
  const found = await showDifferences({ client, terminal, name, application }, options);
  return found > 0 && options.exitCode ? options.diffExitCode : 0;
}
