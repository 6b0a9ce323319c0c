import { mayOverrun, syncWindows, type WindowQuery } from '@plumbline/access';
import type { Application } from '@plumbline/apis';
import type { Pass } from '../pass.ts';
import { type HoldRule, hasBegun } from './hold.ts';

/** Windows open and close on the minute: a blocked operation is looked at again after this time. */
export const windowCheckMs = 10_000;

/** How sync windows see an Application; its cluster as it is written (reference §16). */
export function windowQuery({ metadata, spec }: Application): WindowQuery {
  const { server, name, namespace } = spec.destination;
  return { application: metadata.name ?? '', namespace: namespace ?? '', cluster: name || server || '' };
}

/** Why automation may not start a sync now, or undefined; windows that cannot be read become warnings. */
export function automationDenied(pass: Pass, now: number): string | undefined {
  if (!pass.project?.spec.syncWindows?.length) return undefined;
  const state = syncWindows(pass.project, windowQuery(pass.app), new Date(now));
  for (const message of state.problems) pass.findings.push({ type: 'SyncWindowWarning', message });
  return state.automatedDenied;
}

/** An operation waits while sync windows deny it, unless they let it end what it began (reference §9.3). */
export function windowRule(clock: () => number): HoldRule {
  return ({ app, project }, _attempt, state) => {
    if (!project?.spec.syncWindows?.length) return undefined;
    const automated = state.operation.initiatedBy?.automated ?? false;
    const now = new Date(clock());
    const query = windowQuery(app);
    const { automatedDenied, manualDenied } = syncWindows(project, query, now);
    const denied = automated ? automatedDenied : manualDenied;
    if (denied === undefined) return undefined;
    const startedAt = new Date(state.startedAt);
    if (hasBegun(state) && mayOverrun(project, query, { startedAt, now, automated })) return undefined;
    return { kind: 'wait', message: `Sync operation blocked by sync window: ${denied}`, ms: windowCheckMs };
  };
}
