import { setTimeout as sleep } from 'node:timers/promises';
import type { Application } from '@plumbline/apis';
import type { ApiClient, QueryInput } from '@plumbline/protocol';
import { isPassing } from './watch-app.ts';

const pauseMs = 1_000;

/** The Applications of a query, and again after each change of one of them; a broken stream is opened again. */
export async function* watchList(
  client: ApiClient,
  query: NonNullable<QueryInput<'listApplications'>>,
): AsyncGenerator<Application[]> {
  for (let failures = 0; ; ) {
    try {
      const { items, metadata } = await client.call('listApplications', { query });
      const known = new Map(items.map((item) => [`${item.metadata.namespace}/${item.metadata.name}`, item]));
      yield items;
      const { resourceVersion } = metadata;
      for await (const { type, application } of client.stream('watchApplications', {
        query: { ...query, resourceVersion },
      })) {
        failures = 0;
        const id = `${application.metadata.namespace}/${application.metadata.name}`;
        if (type === 'DELETED') known.delete(id);
        else known.set(id, application);
        yield [...known.values()];
      }
    } catch (error) {
      failures += 1;
      if (!isPassing(error) || failures > 30) throw error;
    }
    await sleep(pauseMs);
  }
}
