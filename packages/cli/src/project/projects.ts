import { type AppProject, type AppProjectSpec, applicationApiVersion } from '@plumbline/apis';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { confirm } from '../confirm.ts';
import { declaredIn } from '../declared-in.ts';
import { editValue } from '../edit-text.ts';
import { Fatal } from '../fatal.ts';
import { printData } from '../output/print-data.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';
import { type ProjectFlags, withProjectFlags } from './with-project-flags.ts';

type Reading = GlobalOptions & { output: 'wide' | 'name' | 'json' | 'yaml' };

const destinationText = ({ server, name, namespace }: { server?: string; name?: string; namespace?: string }): string =>
  `${server || name || ''},${namespace ?? ''}`;

const kindText = ({ group, kind }: { group: string; kind: string }): string => `${group}/${kind}`;

const summary = (items: unknown[] | undefined, one: string[] | undefined, none: string): string => {
  if (!items?.length) return none;
  return items.length === 1 ? (one?.[0] ?? '') : String(items.length);
};

/** `plumb proj list`. */
export async function listProjects(terminal: Terminal, options: Reading): Promise<void> {
  const { items } = await (await connect(options)).call('listProjects');
  const { output } = options;
  if (output === 'json' || output === 'yaml') return printData(terminal, output, items);
  if (output === 'name') {
    terminal.out(items.map(({ metadata }) => `${metadata.name}\n`).join(''));
    return;
  }
  const rows = items.map(({ metadata, spec }) => [
    metadata.name,
    spec.description ?? '',
    summary(spec.destinations, spec.destinations?.map(destinationText), '<none>'),
    summary(spec.sourceRepos, spec.sourceRepos, '<none>'),
    summary(spec.clusterResourceWhitelist, spec.clusterResourceWhitelist?.map(kindText), '<none>'),
    summary(spec.namespaceResourceBlacklist, spec.namespaceResourceBlacklist?.map(kindText), '<none>'),
    summary(
      spec.signatureKeys,
      spec.signatureKeys?.map(({ keyID }) => keyID),
      '<none>',
    ),
    spec.orphanedResources ? 'watched' : 'disabled',
  ]);
  const headings = ['NAME', 'DESCRIPTION', 'DESTINATIONS', 'SOURCES', 'CLUSTER-RESOURCE-WHITELIST'];
  terminal.out(table([...headings, 'NAMESPACE-RESOURCE-BLACKLIST', 'SIGNATURE-KEYS', 'ORPHANED-RESOURCES'], rows));
}

function detailsText({ metadata, spec }: AppProject): string {
  const list = (title: string, items: string[] | undefined): string =>
    (items?.length ? items : ['<none>'])
      .map((item, index) => `${(index === 0 ? `${title}:` : '').padEnd(31)}${item}\n`)
      .join('');
  const windows = spec.syncWindows?.map(({ kind, schedule, duration }) => `${kind} ${schedule} for ${duration}`);
  return [
    list('Name', [metadata.name]),
    list('Description', spec.description ? [spec.description] : []),
    list('Destinations', spec.destinations?.map(destinationText)),
    list('Repositories', spec.sourceRepos),
    list('Source Namespaces', spec.sourceNamespaces),
    list('Allowed Cluster Resources', spec.clusterResourceWhitelist?.map(kindText)),
    list('Denied Cluster Resources', spec.clusterResourceBlacklist?.map(kindText)),
    // Only here absent means all.
    list('Allowed Namespaced Resources', spec.namespaceResourceWhitelist?.map(kindText) ?? ['<any>']),
    list('Denied Namespaced Resources', spec.namespaceResourceBlacklist?.map(kindText)),
    list(
      'Signature keys',
      spec.signatureKeys?.map(({ keyID }) => keyID),
    ),
    list(
      'Roles',
      spec.roles?.map(({ name, description }) => `${name}${description ? `: ${description}` : ''}`),
    ),
    list('Sync Windows', windows),
    list('Orphaned Resources', [spec.orphanedResources ? 'watched' : 'disabled']),
  ].join('');
}

/** `plumb proj get`. */
export async function getProject(terminal: Terminal, name: string, options: Reading): Promise<void> {
  const project = await (await connect(options)).call('getProject', { params: { name } });
  const { output } = options;
  if (output === 'json' || output === 'yaml') return printData(terminal, output, project);
  terminal.out(output === 'name' ? `${project.metadata.name}\n` : detailsText(project));
}

interface DeclaredProject {
  metadata?: { name?: string };
  spec?: AppProjectSpec;
}

/** `plumb proj create`. */
export async function createProject(
  terminal: Terminal,
  name: string | undefined,
  options: ProjectFlags,
): Promise<void> {
  const all: DeclaredProject[] = options.file ? await declaredIn(options.file, 'AppProject') : [{}];
  if (name && all.length > 1) throw new Fatal(`${options.file} holds several projects: name none`, { exitCode: 1 });
  const client = await connect(options);
  for (const stored of all) {
    const wanted = name ?? stored.metadata?.name;
    if (!wanted) throw new Fatal('no project is named', { next: 'give a name, or a file with --file', exitCode: 1 });
    const project = {
      ...{ apiVersion: applicationApiVersion, kind: 'AppProject' },
      metadata: { ...stored.metadata, name: wanted },
      spec: withProjectFlags(stored.spec ?? {}, options),
    };
    await client.call('createProject', { body: { project, upsert: options.upsert ?? false } });
    terminal.out(`project '${wanted}' created\n`);
  }
}

/** `plumb proj delete`. */
export async function deleteProjects(
  terminal: Terminal,
  names: string[],
  options: GlobalOptions & { yes?: boolean },
): Promise<void> {
  const client = await connect(options);
  for (const name of names) {
    if (!(await confirm(terminal, `Delete the project '${name}'?`, options))) continue;
    await client.call('deleteProject', { params: { name } });
    terminal.out(`project '${name}' deleted\n`);
  }
}

/** `plumb proj edit`: the spec in an editor. */
export async function editProject(terminal: Terminal, name: string, options: GlobalOptions): Promise<void> {
  const client = await connect(options);
  const project = await client.call('getProject', { params: { name } });
  const spec = (await editValue(project.spec)) as AppProjectSpec | undefined;
  if (spec) await client.call('updateProject', { params: { name }, body: { project: { ...project, spec } } });
  terminal.out(spec ? `project '${name}' updated\n` : 'nothing was changed\n');
}
