import type { ServerSideDiff } from '@plumbline/protocol';
import type { Inspector } from './inspect.ts';

/**
 * Compares an Application's objects, or these manifests, with what is live. The manifests go to the controller sealed, since
 * they may hold Secrets, and it answers with masked values.
 */
export async function serverSideDiff(
  inspector: Inspector,
  application: { namespace: string; name: string },
  { manifests, signal }: { manifests: readonly string[] | null | undefined; signal: AbortSignal },
): Promise<ServerSideDiff> {
  const sent = manifests && manifests.length > 0 ? { manifests: await inspector.hand(manifests) } : {};
  const request = { kind: 'server-side-diff' as const, ...application, ...sent };
  const { items } = await inspector.ask<'server-side-diff'>(request, signal);
  const modified = items.some((item) => item.modified || item.liveState === '');
  return { items, modified };
}
