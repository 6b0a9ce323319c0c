import type { Application } from '@plumbline/apis';
import type { ResourceHealth } from '@plumbline/protocol';
import type { Inspector } from './inspect.ts';

/** An Application is shown without the health of its objects rather than late. */
const patienceMs = 3_000;

interface Identified {
  group?: string | undefined;
  kind?: string | undefined;
  namespace?: string | undefined;
  name?: string | undefined;
}

const keyOf = ({ group, kind, namespace, name }: Identified): string =>
  [group ?? '', kind ?? '', namespace ?? '', name ?? ''].join('/');

/**
 * Fills `status.resources[].health`, which the custom resource does not store (`resourceHealthSource: appTree`), from what the
 * controller sees. Where it does not answer, the Application stays as it is.
 */
export async function withResourceHealth(
  app: Application,
  { inspector, namespace, signal }: { inspector: Inspector; namespace: string; signal: AbortSignal },
): Promise<Application> {
  const { status } = app;
  if (!status?.resources?.length || status.resourceHealthSource !== 'appTree') return app;
  const target = { namespace: app.metadata.namespace ?? namespace, name: app.metadata.name };
  const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
  const found = await inspector
    .ask<'health'>({ kind: 'health', ...target }, patience)
    .catch((): ResourceHealth[] => []);
  const healths = new Map(found.map(({ health, ...key }) => [keyOf(key), health]));
  const resources = status.resources.map((resource) => {
    const health = healths.get(keyOf(resource));
    return health ? { ...resource, health } : resource;
  });
  return { ...app, status: { ...status, resources } };
}
