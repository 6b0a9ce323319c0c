import type { Cluster } from '@plumbline/protocol';
import { pairMap } from '../app/definition/pairs.ts';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { confirm } from '../confirm.ts';
import { paint } from '../output/paint.ts';
import { type ListFormat, type Listing, printList, printOne } from '../output/print-list.ts';
import type { Terminal } from '../terminal.ts';

interface ClusterSetOptions extends GlobalOptions {
  name?: string;
  namespace?: string[];
  label?: string[];
  annotation?: string[];
}

const listing: Listing<Cluster> = {
  headings: ['SERVER', 'NAME', 'VERSION', 'STATUS', 'MESSAGE', 'PROJECT'],
  row: (one) => [
    one.namespaces?.length ? `${one.server} (${one.namespaces.length} namespaces)` : one.server,
    one.name,
    one.serverVersion,
    paint(one.connectionState.status),
    one.connectionState.message,
    one.project ?? '',
  ],
  name: ({ server }) => server,
};

/** An argument is a URL or the name of a cluster. */
const named = (id: string) =>
  ({ params: { id }, query: { 'id.type': id.includes('://') ? ('server' as const) : ('name' as const) } }) as const;

/** `plumb cluster list`. */
export async function listClusters(terminal: Terminal, options: GlobalOptions & { output: ListFormat }): Promise<void> {
  const { items } = await (await connect(options)).call('listClusters');
  await printList(terminal, items, { ...listing, format: options.output });
}

/** `plumb cluster get`. */
export async function getCluster(
  terminal: Terminal,
  id: string,
  options: GlobalOptions & { output: ListFormat },
): Promise<void> {
  const cluster = await (await connect(options)).call('getCluster', named(id));
  await printOne(terminal, cluster, { ...listing, format: options.output });
}

/** `plumb cluster set`. */
export async function setCluster(terminal: Terminal, id: string, options: ClusterSetOptions): Promise<void> {
  const client = await connect(options);
  const before = await client.call('getCluster', named(id));
  const changes = {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.namespace ? { namespaces: options.namespace.filter((name) => name !== '*') } : {}),
    ...(options.label ? { labels: { ...before.labels, ...pairMap(options.label) } } : {}),
    ...(options.annotation ? { annotations: { ...before.annotations, ...pairMap(options.annotation) } } : {}),
  };
  const { params, query } = named(id);
  const updatedFields = Object.keys(changes);
  await client.call('updateCluster', { params, query: { ...query, updatedFields }, body: changes });
  terminal.out(`Cluster '${id}' updated\n`);
}

/** `plumb cluster rm`. */
export async function removeClusters(
  terminal: Terminal,
  ids: string[],
  options: GlobalOptions & { yes?: boolean },
): Promise<void> {
  const client = await connect(options);
  for (const id of ids) {
    if (!(await confirm(terminal, `Remove the cluster '${id}'? Its objects stay.`, options))) continue;
    await client.call('deleteCluster', named(id));
    terminal.out(`Cluster '${id}' removed\n`);
  }
}

/** `plumb cluster rotate-auth`. */
export async function rotateAuth(terminal: Terminal, id: string, options: GlobalOptions): Promise<void> {
  await (await connect(options)).call('rotateClusterAuth', named(id));
  terminal.out(`Cluster '${id}' rotated auth\n`);
}
