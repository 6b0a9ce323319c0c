import { syncWindows, type WindowState } from '@plumbline/access';
import {
  type Application,
  type AppProject,
  applicationApiVersion,
  defaultProject,
  type Operation,
  ownAnnotations,
  type SyncWindow,
} from '@plumbline/apis';
import type { OperationPlan } from '@plumbline/protocol';
import type { Rights } from '../access/rights.ts';
import { apiFailure } from '../http/api-failure.ts';
import type { Call, Mount } from '../http/mount.ts';
import { asProject } from '../projects/project-cache.ts';
import { patchApplication } from './change.ts';
import type { Inspector } from './inspect.ts';
import { type ApplicationName, type ApplicationParts, findApplication } from './lookup.ts';
import { objectHistoryOf } from './object-history.ts';
import { syncOperation } from './operation.ts';
import type { JudgingParts } from './validate.ts';

/** What judging by sync windows takes. */
export type WindowParts = Pick<JudgingParts, keyof ApplicationParts | 'effective'>;

export interface OperationRouteParts extends WindowParts {
  inspector: Inspector;
}

interface NamingCall {
  params: { name: string };
  query: { appNamespace?: string | undefined; project?: string[] | undefined };
  rights: Rights;
}

function named({ params, query, rights }: NamingCall, ...actions: string[]): ApplicationName {
  return { name: params.name, appNamespace: query.appNamespace, project: query.project, rights, actions };
}

/** The project of an Application as it is now; undefined where there is none. */
async function projectOf({ client, namespace }: ApplicationParts, app: Application): Promise<AppProject | undefined> {
  const name = app.spec.project || defaultProject;
  const found = await client.find({ apiVersion: applicationApiVersion, kind: 'AppProject', namespace, name });
  return found ? asProject(found) : undefined;
}

async function windowsOf(parts: WindowParts, app: Application): Promise<WindowState | undefined> {
  const project = await projectOf(parts, app);
  const { name, server, namespace } = app.spec.destination;
  const query = { application: app.metadata.name ?? '', namespace: namespace ?? '', cluster: name || server || '' };
  return project && syncWindows(parts.effective(project), query, new Date());
}

/** Throws where sync windows let nobody start a sync now (reference §9.3). */
export async function requireOpenWindow(parts: WindowParts, asked: ApplicationName): Promise<void> {
  const state = await windowsOf(parts, await findApplication(parts, asked));
  if (state?.manualDenied === undefined) return;
  throw apiFailure('PermissionDenied', `cannot sync: blocked by sync window: ${state.manualDenied}`);
}

async function ask(
  parts: OperationRouteParts,
  call: NamingCall & { signal: AbortSignal },
  operation?: Operation,
): Promise<OperationPlan> {
  const { metadata } = await findApplication(parts, named(call, 'get'));
  const request = { namespace: metadata.namespace ?? parts.namespace, name: metadata.name ?? '' };
  return parts.inspector.ask<'plan'>({ kind: 'plan', ...request, ...(operation ? { operation } : {}) }, call.signal);
}

/** The plan of a sync as it would run now, whatever runs at the moment. */
export async function planOf(
  parts: OperationRouteParts,
  call: NamingCall & Pick<Call<'planApplication'>, 'body' | 'user' | 'signal'>,
): Promise<OperationPlan> {
  if (call.body.manifests && call.body.manifests.length > 0)
    throw apiFailure('InvalidArgument', 'a plan is made of the sources: leave the manifests out');
  const { operation: _running, ...app } = await findApplication(parts, named(call, 'get'));
  return ask(parts, call, syncOperation(app, { ...call.body, plan: null }, call.user.username));
}

function mountPlans(mount: Mount, parts: OperationRouteParts): void {
  mount.call('planApplication', (call) => planOf(parts, call));
  mount.call('runningPlan', (call) => ask(parts, call));
}

/** In the message of what is held: by what it is approved. */
const heldDigest = new RegExp(`${ownAnnotations.deletionApproved}: ([0-9a-f]{16})`);

function mountPins(mount: Mount, parts: OperationRouteParts): void {
  mount.call('approveDeletions', async (call) => {
    const { digest } = call.body;
    const notes = {
      [ownAnnotations.deletionApproved]: digest,
      [ownAnnotations.deletionApprovedBy]: call.user.username,
    };
    await patchApplication(parts, named(call, 'get', 'sync', 'delete'), (app) => {
      checkApproval(app, digest);
      return { metadata: { annotations: notes } };
    });
    return {};
  });
  mount.call('releaseRevisions', async (call) => {
    const notes = { [ownAnnotations.skipRevisions]: null };
    await patchApplication(parts, named(call, 'get', 'sync'), () => ({ metadata: { annotations: notes } }));
    return {};
  });
}

/** Refuses an approval of other deletions than those that are held now. One may be given before the sync is started. */
function checkApproval({ metadata, operation, status }: Application, digest: string): void {
  const { operationState: state, conditions = [] } = status ?? {};
  const told = [...(operation ? [state?.message] : []), ...conditions.map(({ message }) => message)];
  const held = told.flatMap((text) => heldDigest.exec(text ?? '')?.[1] ?? []);
  if (held.length === 0 || held.includes(digest)) return;
  const wanted = held.join(' and ');
  throw apiFailure(
    'FailedPrecondition',
    `application ${metadata.name} waits for an approval of the deletions ${wanted}, not of ${digest}: its plan is another one now`,
  );
}

function shown(window: SyncWindow) {
  const { kind, schedule, duration, timeZone, manualSync, syncOverrun, description } = window;
  const all = { kind, schedule, duration, timeZone, manualSync, syncOverrun, description };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== false));
}

/** Routes about what a sync would do and what holds it up. */
export function mountOperationDetails(mount: Mount, parts: OperationRouteParts): void {
  mountPlans(mount, parts);
  mountPins(mount, parts);
  mount.call('objectHistory', async (call) => {
    const { resourceName: name, group, kind, namespace, at } = call.query;
    return {
      entries: objectHistoryOf(await findApplication(parts, named(call, 'get')), { group, kind, namespace, name, at }),
    };
  });
  mount.call('applicationSyncWindows', async (call) => {
    const state = await windowsOf(parts, await findApplication(parts, named(call, 'get')));
    const { assigned = [], active = [], manualDenied } = state ?? {};
    return {
      ...(manualDenied === undefined ? { canSync: true } : {}),
      ...(active.length > 0 ? { activeWindows: active.map(shown) } : {}),
      ...(assigned.length > 0 ? { assignedWindows: assigned.map(shown) } : {}),
    };
  });
}
