import { errorMessage, PlumblineError } from '@plumbline/errors';
import { type KubeObject, keyOf, keyString } from '@plumbline/manifests';
import { parseSyncOptions } from '@plumbline/sync';
import type { CompareStateRequest } from './compare-state.ts';

/**
 * Whether the destination namespace is there without the metadata that the Application manages
 * (`managedNamespaceMetadata` with CreateNamespace=true, reference §3.3), or with some that it managed and no longer does.
 */
export async function namespaceDiffers(request: CompareStateRequest): Promise<boolean> {
  const wanted = managedNamespace(request);
  if (!wanted) return false;
  const node = request.live.get(keyOf(wanted));
  const live = node && (node.object ?? (await request.bodyOf(node)));
  if (!live) return false;
  try {
    return (await request.comparer.compare({ target: wanted, live }, request.rules, request)).outOfSync;
  } catch (error) {
    throw new PlumblineError('NAMESPACE_METADATA', `namespace ${wanted.metadata.name}: ${errorMessage(error)}`, {
      retry: 'transient',
      cause: error,
    });
  }
}

/** The namespace as the sync makes it; undefined where the Application manages no metadata, or has a manifest of it. */
function managedNamespace({ app, target }: CompareStateRequest): KubeObject | undefined {
  const { syncPolicy, destination } = app.spec;
  const { labels, annotations } = syncPolicy?.managedNamespaceMetadata ?? {};
  if (!destination.namespace || (!labels && !annotations)) return undefined;
  if (parseSyncOptions(syncPolicy?.syncOptions ?? []).get('CreateNamespace') !== 'true') return undefined;
  const metadata = {
    name: destination.namespace,
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
  };
  const wanted: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata };
  const id = keyString(keyOf(wanted));
  return target.targets.some(({ key }) => keyString(key) === id) ? undefined : wanted;
}
