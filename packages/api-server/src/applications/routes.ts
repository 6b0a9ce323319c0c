import type { Application } from '@plumbline/apis';
import type { ApplicationList, ResourcesQuery } from '@plumbline/protocol';
import type { Rights } from '../access/rights.ts';
import { openFrameStream } from '../http/frame-stream.ts';
import type { Call, Mount } from '../http/mount.ts';
import type { OpenStreams } from '../http/open-streams.ts';
import { asApplication } from './application-object.ts';
import { deleteApplication } from './delete.ts';
import { applicationFilter, readableBy } from './filter.ts';
import { mountLocalFiles } from './local-files.ts';
import { type ApplicationName, findApplication } from './lookup.ts';
import { startOperation, terminateOperation } from './operate.ts';
import { revisionsOf, syncOperation } from './operation.ts';
import { requireRevision, rollbackAction, syncActions } from './operation-rights.ts';
import { mountOperationDetails, planOf, requireOpenWindow } from './operation-routes.ts';
import { pageOf } from './page.ts';
import { frameProjection, projection } from './projection.ts';
import { refreshApplication } from './refresh.ts';
import { narrowed, narrowedTree } from './resource-filter.ts';
import { withResourceHealth } from './resource-health.ts';
import { chartDetailsRequest, metadataRequest, ociMetadataRequest, type Revisions } from './revision-metadata.ts';
import { startRollback } from './rollback.ts';
import { serverSideDiff } from './server-side-diff.ts';
import type { TreeFeed } from './tree-feed.ts';
import { streamTree } from './tree-stream.ts';
import { streamApplications } from './watch-stream.ts';
import { createApplication, patchByUser, updateApplication, updateSpec, type WriteParts } from './write.ts';

export type ApplicationRouteParts = WriteParts & { revisions: Revisions; streams: OpenStreams; trees: TreeFeed };

/** A call that names an Application. */
interface NamingCall {
  params: { name: string };
  query: { appNamespace?: string | undefined; project?: string[] | undefined };
  rights: Rights;
}

/** The Application a call names, with the query's project and namespace, and what the caller must be allowed to do with it. */
function named({ params, query, rights }: NamingCall, ...actions: string[]): ApplicationName {
  const of = { name: params.name, appNamespace: query.appNamespace, project: query.project, rights };
  return actions.length > 0 ? { ...of, actions } : of;
}

/** An update also says in its body where the Application lives. */
function namedByBody(call: Call<'updateApplication'>): ApplicationName {
  const asked = named(call, 'update');
  return { ...asked, appNamespace: asked.appNamespace ?? call.body.metadata.namespace };
}

function mountReads(mount: Mount, parts: ApplicationRouteParts): void {
  mount.call('listApplications', ({ query, rights }) => {
    const wanted = applicationFilter(query);
    const readable = readableBy(rights, parts.namespace);
    const items: Application[] = parts.cache
      .list()
      .map(asApplication)
      .filter((application) => wanted(application) && readable(application));
    const { items: shown, ...more } = pageOf(items, query);
    const metadata = { resourceVersion: parts.cache.resourceVersion(), ...more };
    const list: ApplicationList = { metadata, items: shown };
    // A projection leaves parts of the type out; that is what it is for.
    return projection(query.fields)(list) as ApplicationList;
  });
  mount.call('getApplication', async (call) => {
    const asked = named(call);
    const { refresh } = call.query;
    const app = await (refresh
      ? refreshApplication(parts, asked, { level: refresh, signal: call.signal })
      : findApplication(parts, asked));
    return withResourceHealth(app, { ...parts, signal: call.signal });
  });
}

function mountWrites(mount: Mount, parts: ApplicationRouteParts): void {
  mount.call('createApplication', ({ body, query: { upsert, validate }, user, rights, signal }) =>
    createApplication(parts, body, { upsert, validate, signal, rights, username: user.username }),
  );
  mount.call('updateApplication', (call) =>
    updateApplication(parts, namedByBody(call), {
      body: call.body,
      validate: call.query.validate,
      signal: call.signal,
    }),
  );
  mount.call('updateApplicationSpec', (call) =>
    updateSpec(parts, named(call, 'update'), { spec: call.body, validate: call.query.validate, signal: call.signal }),
  );
  mount.call('patchApplication', (call) => patchByUser(parts, named(call, 'get', 'update'), call.body));
  mount.call('deleteApplication', async (call) => {
    await deleteApplication(parts, named(call, 'get', 'delete'), call.query);
    return {};
  });
}

function mountOperations(mount: Mount, parts: ApplicationRouteParts): void {
  mount.call('syncApplication', async (call) => {
    const asked = named(call, ...syncActions(call));
    // A preview in place of the Application; that is what it was asked for.
    if (call.query.dryRun) return (await planOf(parts, call)) as unknown as Application;
    await requireOpenWindow(parts, asked);
    return startOperation(parts, asked, (fresh) => {
      requireRevision(fresh, call, parts.namespace);
      return syncOperation(fresh, call.body, call.user.username);
    });
  });
  mount.call('rollbackApplication', async (call) => {
    const asked = named(call, 'get', rollbackAction(call));
    await requireOpenWindow(parts, asked);
    return startRollback(parts, asked, call);
  });
  mount.call('terminateOperation', async (call) => {
    await terminateOperation(parts, named(call, 'sync'));
    return {};
  });
}

/** The Application's identity as the inspect queue wants it, once it is known to exist. */
async function target(parts: ApplicationRouteParts, call: NamingCall & { query: ResourcesQuery }) {
  const { metadata } = await findApplication(parts, named(call));
  return { namespace: metadata.namespace ?? parts.namespace, name: metadata.name };
}

function mountInspection(mount: Mount, parts: ApplicationRouteParts): void {
  const { inspector } = parts;
  mount.call('resourceTree', async (call) => {
    const tree = await inspector.ask<'tree'>({ kind: 'tree', ...(await target(parts, call)) }, call.signal);
    return narrowedTree(tree, call.query);
  });
  mount.call('managedResources', async (call) => {
    const request = { kind: 'managed-resources' as const, ...(await target(parts, call)) };
    const { items } = await inspector.ask<'managed-resources'>(request, call.signal);
    return { items: narrowed(items, call.query) };
  });
  mount.call('serverSideDiff', async (call) =>
    serverSideDiff(inspector, await target(parts, call), { ...call, manifests: call.body.targetManifests }),
  );
  mount.call('serverSideDiffOfQuery', async (call) =>
    serverSideDiff(inspector, await target(parts, call), { ...call, manifests: call.query.targetManifests }),
  );
  mount.call('manifests', async (call) => {
    const { revision, noCache } = call.query;
    const revisions = revisionsOf(await findApplication(parts, named(call)), call.query);
    const pinned = revisions ? { revisions } : revision ? { revision } : {};
    const options = { ...pinned, ...(noCache ? { noCache } : {}) };
    const request = { kind: 'manifests' as const, ...(await target(parts, call)), ...options };
    return inspector.ask<'manifests'>(request, call.signal);
  });
  mount.call('revisionMetadata', async (call) => {
    const application = await findApplication(parts, named(call));
    const request = metadataRequest(application, { ...call.query, revision: call.params.revision });
    return parts.revisions.metadata(request, call.signal);
  });
  mount.call('chartDetails', async (call) => {
    const application = await findApplication(parts, named(call));
    const request = chartDetailsRequest(application, { ...call.query, revision: call.params.revision });
    return parts.revisions.chartDetails(request, call.signal);
  });
  mount.call('ociMetadata', async (call) => {
    const application = await findApplication(parts, named(call));
    const request = ociMetadataRequest(application, { ...call.query, revision: call.params.revision });
    return parts.revisions.ociMetadata(request, call.signal);
  });
}

function mountStreams(mount: Mount, parts: ApplicationRouteParts): void {
  const open = ({ request, response }: Pick<Call<'watchApplications'>, 'request' | 'response'>) => {
    const stream = openFrameStream(request, response);
    parts.streams.add(stream);
    return stream;
  };
  mount.stream('watchApplications', (call) => streamApplications(parts, call, () => open(call)));
  mount.stream('watchResourceTree', async (call) => {
    const request = { kind: 'tree' as const, ...(await target(parts, call)) };
    const { namespace, name } = request;
    await streamTree({
      application: { namespace, name },
      cache: parts.cache,
      feed: parts.trees,
      allowed: () => findApplication(parts, named(call)),
      read: () => parts.inspector.ask<'tree'>(request, call.signal),
      narrow: (tree) => narrowedTree(tree, call.query),
      project: frameProjection(call.request.query['fields']),
      stream: open(call),
    });
  });
}

/** Every route of Applications (reference §8.2). */
export function mountApplications(mount: Mount, parts: ApplicationRouteParts): void {
  mountReads(mount, parts);
  mountWrites(mount, parts);
  mountOperations(mount, parts);
  mountOperationDetails(mount, parts);
  mountInspection(mount, parts);
  mountLocalFiles(mount, parts);
  mountStreams(mount, parts);
}
