import { type Application, sourcesOf } from '@plumbline/apis';

export const appHeadings = [
  'NAME',
  'CLUSTER',
  'NAMESPACE',
  'PROJECT',
  'STATUS',
  'HEALTH',
  'SYNCPOLICY',
  'CONDITIONS',
  'REPO',
  'PATH',
  'TARGET',
];

/** `Auto-Prune`, `Auto`, `Manual`, as Argo CD's list says it. */
export function syncPolicyText(application: Application): string {
  const automated = application.spec.syncPolicy?.automated;
  if (!automated || automated.enabled === false) return 'Manual';
  return automated.prune ? 'Auto-Prune' : 'Auto';
}

/** Types of the conditions with their number: `ComparisonError,SyncError(2)`. */
function conditionsText(application: Application): string {
  const counts = new Map<string, number>();
  for (const { type } of application.status?.conditions ?? []) counts.set(type, (counts.get(type) ?? 0) + 1);
  const texts = [...counts].map(([type, count]) => (count > 1 ? `${type}(${count})` : type));
  return texts.join(',') || '<none>';
}

/** One line of `plumb app list`. */
export function appRow(application: Application, paint: (status: string) => string): string[] {
  const { metadata, spec, status } = application;
  const [source] = sourcesOf(spec);
  return [
    metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name,
    spec.destination.server || spec.destination.name || '',
    spec.destination.namespace ?? '',
    spec.project,
    paint(status?.sync?.status ?? 'Unknown'),
    paint(status?.health?.status ?? 'Unknown'),
    syncPolicyText(application),
    conditionsText(application),
    source?.repoURL ?? '',
    source?.path || source?.chart || '',
    source?.targetRevision ?? '',
  ];
}
