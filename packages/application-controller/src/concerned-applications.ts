import { type Application, type AppProject, defaultProject } from '@plumbline/apis';
import type { LiveChange } from '@plumbline/cluster';
import type { AppRuntime } from './app-runtime.ts';

/**
 * Those Applications that list one of the changed objects among their resources: for objects without tracking, which do
 * not say whose they are.
 */
export function listing(change: LiveChange, applications: Iterable<Application>): Application[] {
  if (change.keys.length === 0) return [];
  const names = new Set(change.keys.map(({ group, kind, name }) => `${group}/${kind}/${name}`));
  return [...applications].filter(({ status }) =>
    (status?.resources ?? []).some(({ group = '', kind, name }) => names.has(`${group}/${kind}/${name}`)),
  );
}

/** The inverse of `trackingName`: `<ns>_<name>`, or a name in the control-plane namespace. */
export function keyOfTracking(application: string, controlNamespace: string): string {
  const cut = application.indexOf('_');
  return cut < 0 ? `${controlNamespace}/${application}` : `${application.slice(0, cut)}/${application.slice(cut + 1)}`;
}

/** The keys of those that deploy to a cluster; what they know of their objects there is forgotten. */
export function forgetCluster(server: string, runtimes: ReadonlyMap<string, AppRuntime>): string[] {
  const concerned = [...runtimes].filter(([, { target }]) => target?.server === server);
  for (const [, { comparer }] of concerned) comparer.clear();
  return concerned.map(([key]) => key);
}

/** Those Applications whose projects ask for orphans and whose namespaces have got or lost objects that nobody manages. */
export function watchingOrphans(
  { loose }: LiveChange,
  applications: Iterable<Application>,
  projectOf: (name: string) => AppProject | undefined,
): Application[] {
  if (!loose) return [];
  return [...applications].filter(
    ({ spec }) =>
      loose.has(spec.destination.namespace ?? '') &&
      projectOf(spec.project || defaultProject)?.spec.orphanedResources !== undefined,
  );
}

/** Those Applications that manage metadata of a Namespace (`managedNamespaceMetadata`) which has itself come, changed or gone. */
export function withNamespace({ namespaces }: LiveChange, applications: Iterable<Application>): Application[] {
  if (!namespaces) return [];
  return [...applications].filter(
    ({ spec }) =>
      spec.syncPolicy?.managedNamespaceMetadata &&
      spec.destination.namespace &&
      namespaces.has(spec.destination.namespace),
  );
}
