import type { IncomingMessage } from 'node:http';
import type { KubeClient } from '@plumbline/cluster';
import type { KubeObject } from '@plumbline/manifests';
import { type TerminalQuery, terminalQuerySchema, terminalRoute } from '@plumbline/protocol';
import type { AccessControl } from '../access/access-control.ts';
import type { Gate } from '../access/gate.ts';
import { findApplication } from '../applications/lookup.ts';
import { apiFailure } from '../http/api-failure.ts';
import { isForeign } from '../http/foreign-origin.ts';
import { treeNode } from '../live/live-object.ts';
import type { LiveParts } from '../live/live-parts.ts';
import type { Authenticate, User } from '../session/user.ts';

/** What decides whether a terminal may be opened, and stay open. */
export interface TerminalParts {
  live: LiveParts;
  gate: Gate;
  access: AccessControl;
  authenticate: Authenticate;
  anonymous(): boolean;
  settings(): { enabled: boolean; shells: readonly string[] };
  ownUrl(): string;
}

/** A container that the caller may work in. */
export interface TerminalPlace {
  client: KubeClient;
  query: TerminalQuery;
  user: User | undefined;
}

const targetOf = ({ appName, appNamespace, projectName }: TerminalQuery) => ({
  params: { name: appName },
  query: { appNamespace, project: [projectName] },
  body: undefined,
});

/** Throws where the caller may not have this terminal, or not any longer. */
export async function requireTerminal(
  { gate, access, authenticate, anonymous, settings }: TerminalParts,
  request: Pick<IncomingMessage, 'headers'>,
  query: TerminalQuery,
): Promise<User | undefined> {
  if (!settings().enabled) throw apiFailure('NotFound', 'no such route: terminals are off (exec.enabled)');
  const user = await authenticate(request);
  if (!user && !anonymous()) throw apiFailure('Unauthenticated', 'no session information');
  await gate(terminalRoute.access, { ...targetOf(query), rights: access.rightsOf(user) });
  return user;
}

function containersOf(pod: KubeObject): string[] {
  const spec = pod['spec'] as Record<string, unknown> | undefined;
  return ['containers', 'ephemeralContainers', 'initContainers'].flatMap((kind) => {
    const list = spec?.[kind];
    return Array.isArray(list) ? (list as { name?: string }[]).flatMap(({ name }) => name ?? []) : [];
  });
}

/** The container that a request means, once all is checked: settings, session, rights, the Pod in the tree, the container in the Pod. */
export async function terminalPlace(
  parts: TerminalParts,
  request: Pick<IncomingMessage, 'headers' | 'url'>,
  signal: AbortSignal,
): Promise<TerminalPlace> {
  if (!parts.settings().enabled) throw apiFailure('NotFound', 'no such route: terminals are off (exec.enabled)');
  const { searchParams } = new URL(request.url ?? '', 'http://localhost');
  const caller = await parts.authenticate(request);
  if (!caller && !parts.anonymous()) throw apiFailure('Unauthenticated', 'no session information');
  if (isForeign(request, parts.ownUrl())) throw apiFailure('PermissionDenied', 'requests from other sites are refused');
  const query = terminalQuerySchema.parse(Object.fromEntries(searchParams));
  const user = await requireTerminal(parts, request, query);
  const { pod, container, namespace, appName } = query;
  const { live, access } = parts;
  const { params, query: place } = targetOf(query);
  const app = await findApplication(live, { ...place, name: params.name, rights: access.rightsOf(user) });
  const fits = (node: { group?: string | undefined; kind: string; name: string; namespace?: string | undefined }) =>
    !node.group && node.kind === 'Pod' && node.name === pod && node.namespace === namespace;
  if (!(await treeNode(live, app, { fits, signal, orphans: false }))) {
    throw apiFailure('InvalidArgument', `Pod ${namespace}/${pod} not found as part of application ${appName}`);
  }
  const client = await live.clusters.of(app);
  const object = await client.get({ apiVersion: 'v1', kind: 'Pod', namespace, name: pod }, { signal });
  if (!containersOf(object).includes(container)) {
    throw apiFailure('InvalidArgument', `Pod ${namespace}/${pod} has no container ${container}`);
  }
  return { client, query, user };
}
