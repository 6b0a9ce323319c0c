import type { Mount } from '../http/mount.ts';
import { type ActionParts, listActions, runAction } from './actions.ts';

/** Lists and runs actions of live objects (reference §8.2). */
export function mountActions(mount: Mount, parts: ActionParts): void {
  mount.call('listResourceActions', (call) => listActions(parts, call));
  mount.call('runNamedResourceAction', async (call) => {
    await runAction(parts, call, { name: call.body, parameters: {} });
    return {};
  });
  mount.call('runResourceAction', async ({ params, query: place, body, signal, rights }) => {
    const { action, resourceActionParameters, ...object } = body;
    // Where the Application is may be said in the body, as the rest is, or in the query, as everywhere else.
    const { appNamespace = place.appNamespace, project = place.project } = object;
    const query = { ...object, appNamespace, project };
    const parameters = Object.fromEntries((resourceActionParameters ?? []).map(({ name, value }) => [name, value]));
    await runAction(parts, { params, query, signal, rights }, { name: action, parameters });
    return {};
  });
}
