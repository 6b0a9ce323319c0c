import type { Application } from '@plumbline/apis';
import type { LiveNode } from '@plumbline/cluster';
import type { KubeObject, ResourceKey } from '@plumbline/manifests';
import type { ObservedObject } from '@plumbline/sync';
import { isApplicationKind } from '../application-kind.ts';
import type { Pass } from '../pass.ts';
import { unseen, whyNotReady } from './dependencies.ts';

export interface ChildOptions {
  pass: Pass;
  /** The revisions that the operation syncs to. */
  revisions: readonly string[];
  /** Asks for a comparison of that Application with what its sources have now. */
  refresh(key: string): void;
}

/**
 * A live object as an operation judges it. A child Application whose health is assessed is taken for Healthy only when
 * that is about its spec as it is and about the revision that is being synced (want 25); one that syncs itself must be
 * Synced, too. Where Applications have no health check, nothing waits for them, as in Argo CD.
 */
export function judgedObject(node: LiveNode | undefined, options: ChildOptions): ObservedObject | undefined {
  if (node?.health?.status !== 'Healthy' || !node.object || !isApplicationKind(node.key)) return node;
  const why = whyNotSettled(node.key, node.object, options);
  return why ? { ...node, health: { status: 'Progressing', message: `${node.key.name} ${why}` } } : node;
}

function whyNotSettled(key: ResourceKey, object: KubeObject, { pass, revisions, refresh }: ChildOptions) {
  const child = object as unknown as Application;
  const since = Date.parse(pass.operationState?.startedAt ?? '');
  const why = whyNotReady(child, { pass, revisions, since });
  if (why === unseen) refresh(`${key.namespace}/${key.name}`);
  const { automated } = child.spec.syncPolicy ?? {};
  const syncsItself = automated !== undefined && automated.enabled !== false;
  return why === unseen || child.operation || syncsItself ? why : undefined;
}
