import { Fatal } from '../fatal.ts';
import { pair } from './definition/pairs.ts';
import type { ChosenResource } from './resource-choice.ts';
import type { Waiting } from './wait.ts';

interface Manifest {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string; namespace?: string; labels?: Record<string, string> };
}

/** The objects of an Application's source that have all these labels. Throws Fatal where none has. */
export async function labelledResources(
  { client, name }: Waiting,
  labels: string[],
  { revision }: { revision?: string },
): Promise<ChosenResource[]> {
  const wanted = labels.flatMap((text) => text.split(',')).map(pair);
  const { manifests } = await client.call('manifests', { params: { name }, query: { revision } });
  const found = manifests.flatMap((text): ChosenResource[] => {
    const { apiVersion = '', kind = '', metadata = {} } = JSON.parse(text) as Manifest;
    if (!wanted.every((label) => metadata.labels?.[label.name] === label.value)) return [];
    const group = apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
    return [
      { group, kind, name: metadata.name ?? '', ...(metadata.namespace ? { namespace: metadata.namespace } : {}) },
    ];
  });
  if (found.length > 0) return found;
  throw new Fatal(`no resource of ${name} has the labels ${labels.join(', ')}`, {
    next: `plumb app manifests ${name} shows them`,
  });
}
