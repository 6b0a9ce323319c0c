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
    const query = { ...object, ...place };
    const parameters = Object.fromEntries((resourceActionParameters ?? []).map(({ name, value }) => [name, value]));
    await runAction(parts, { params, query, signal, rights }, { name: action, parameters });
    return {};
  });
}
