import type { ApiSettings } from '@plumbline/settings';
import { findApplication } from '../applications/lookup.ts';
import type { Mount } from '../http/mount.ts';
import { liveObject, shownObject } from '../live/live-object.ts';
import type { LiveParts } from '../live/live-parts.ts';
import { deepLinks } from './deep-links.ts';

export interface LinkParts {
  live: LiveParts;
  links(): ApiSettings['links'];
}

/** Deep links of Applications and of their objects. */
export function mountLinks(mount: Mount, { live, links }: LinkParts): void {
  mount.call('applicationLinks', async ({ params, query, rights }) => {
    const app = await findApplication(live, { name: params.name, ...query, rights });
    return deepLinks(links().application, { app, application: app });
  });
  mount.call('resourceLinks', async (call) => {
    const app = await findApplication(live, { name: call.params.name, ...call.query, rights: call.rights });
    const { client, ref } = await liveObject(live, call);
    const object = await client.get(ref, { signal: call.signal });
    const resource: unknown = JSON.parse(shownObject(object, live.sensitiveAnnotations()));
    return deepLinks(links().resource, { app, application: app, resource });
  });
}
