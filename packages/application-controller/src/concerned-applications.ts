import type { Application } from '@plumbline/apis';
import type { LiveChange } from '@plumbline/cluster';

/**
 * Those Applications that list one of the changed objects among their resources: for objects without tracking, which do
 * not say whose they are.
 */
export function listing(change: LiveChange, applications: Iterable<Application>): Application[] {
  const names = new Set(change.keys.map(({ group, kind, name }) => `${group}/${kind}/${name}`));
  return [...applications].filter(({ status }) =>
    (status?.resources ?? []).some(({ group = '', kind, name }) => names.has(`${group}/${kind}/${name}`)),
  );
}
