import type { ClusterQuery } from '@plumbline/protocol';
import type { Rights } from '../access/rights.ts';
import type { Mount } from '../http/mount.ts';
import type { ClusterName, Clusters } from './clusters.ts';
import { mayScoped, requireScoped } from './scoped-right.ts';

const resource = 'clusters' as const;

const permission =
  (rights: Rights, action: string) =>
  ({ server: name, project }: { server: string; project: string | undefined }): boolean =>
    mayScoped(rights, action, { resource, name, project });

function chosen(id: string, query: ClusterQuery): Pick<ClusterName, 'value' | 'type'> {
  const type = query['id.type'] ?? '';
  const value = type.endsWith('_escaped') ? decodeURIComponent(id) : id;
  return { value, type: type.startsWith('name') ? 'name' : 'server' };
}

/** One that the caller has no right to is refused as one that is not there. */
function named({ params, query, rights }: NamedCall, action: string): ClusterName {
  return {
    ...chosen(params.id, query),
    may: permission(rights, action),
    refuse: (name) => requireScoped(rights, action, { resource, name }),
  };
}

interface NamedCall {
  params: { id: string };
  query: ClusterQuery;
  rights: Rights;
}

/** Clusters that Applications go to, kept as labelled Secrets (reference §8.2, §10.5). */
export function mountClusters(mount: Mount, clusters: Clusters): void {
  mount.call('listClusters', async ({ query, rights }) => {
    const value = query['id.value'];
    const wanted = value === undefined ? undefined : chosen(value, query);
    const fits = (asked: string | undefined, own: string) => asked === undefined || asked === own;
    const may = permission(rights, 'get');
    rights.open();
    const items = await clusters.list(
      (one) =>
        fits(query.server, one.server) &&
        fits(query.name, one.name) &&
        (wanted === undefined || one[wanted.type] === wanted.value) &&
        may(one),
    );
    return { metadata: {}, items };
  });
  mount.call('createCluster', ({ body, query, rights }) => {
    requireScoped(rights, 'create', { resource, name: body.server, project: body.project });
    return clusters.create(body, { ...query, mayUpdate: permission(rights, 'update') });
  });
  mount.call('getCluster', (call) => clusters.get(named(call, 'get')));
  mount.call('updateCluster', (call) => {
    const { body, query, rights } = call;
    if (body.project)
      requireScoped(rights, 'update', { resource, name: body.server || call.params.id, project: body.project });
    return clusters.update(named(call, 'update'), body, query.updatedFields);
  });
  mount.call('deleteCluster', async (call) => {
    await clusters.remove(named(call, 'delete'));
    return {};
  });
  mount.call('rotateClusterAuth', async (call) => {
    await clusters.rotateAuth(named(call, 'update'));
    return {};
  });
  mount.call('invalidateClusterCache', (call) => clusters.invalidate(named(call, 'update')));
}
