import type { ApiClient } from '@plumbline/protocol';
import { Fatal } from '../fatal.ts';

export interface SelectOptions {
  selector?: string;
  project?: string[];
}

/** The Applications a command is for: those named, else those that selector and project choose. */
export async function selectApps(client: ApiClient, names: string[], options: SelectOptions): Promise<string[]> {
  if (names.length > 0) return names;
  if (!options.selector && !options.project?.length) {
    throw new Fatal('no application is named', {
      next: 'give names, or choose with --selector or --project',
      exitCode: 1,
    });
  }
  const query = {
    selector: options.selector,
    projects: options.project,
    fields: 'items.metadata.name,items.metadata.namespace',
  };
  const { items } = await client.call('listApplications', { query });
  if (items.length === 0)
    throw new Fatal('no application matches the selector', { next: '`plumb app list` shows them all' });
  // Two of one name may live in two namespaces.
  return items.map(({ metadata: { name, namespace } }) => (namespace ? `${namespace}/${name}` : name));
}
