import { createHash } from 'node:crypto';
import type { Application } from '@plumbline/apis';
import type { KubeClient, ObjectRef } from '@plumbline/cluster';
import { hideDigests, joinApiVersion, type KubeObject, maskSecret, stringifyJson } from '@plumbline/manifests';
import { isMissing, type LiveResourceQuery, type ResourceNode } from '@plumbline/protocol';
import type { Rights } from '../access/rights.ts';
import { findApplication } from '../applications/lookup.ts';
import { apiFailure } from '../http/api-failure.ts';
import type { LiveParts } from './live-parts.ts';

/** A live object that belongs to an Application, and the cluster it is on. */
export interface LiveObject {
  client: KubeClient;
  ref: ObjectRef;
}

/** Which Application, and which object of it. */
export interface LiveCall {
  params: { name: string };
  query: LiveResourceQuery;
  signal: AbortSignal;
  rights: Rights;
  /** What is to be done with it; default: it is read. Writes have rights of their own, for the object (reference §9.1). */
  verb?: 'update' | 'delete' | `action/${string}`;
  /** Whether an orphan of the Application's namespace will do; default true. */
  orphans?: boolean;
}

/** The node of an Application's resource tree (orphans of its namespace included, unless told otherwise) that fits. */
export async function treeNode(
  parts: LiveParts,
  { metadata }: Application,
  { fits, signal, orphans = true }: { fits(node: ResourceNode): boolean; signal: AbortSignal; orphans?: boolean },
): Promise<ResourceNode | undefined> {
  const target = { namespace: metadata.namespace ?? parts.namespace, name: metadata.name };
  const tree = await parts.inspector.ask<'tree'>({ kind: 'tree', ...target }, signal);
  return [...tree.nodes, ...(orphans ? tree.orphanedNodes : [])].find(fits);
}

/** The right on the Application that something with one of its objects needs; of a list, one. */
function objectAction(
  verb: LiveCall['verb'],
  { group, kind, namespace, resourceName }: LiveResourceQuery,
  { settings }: Rights,
): string | string[] {
  if (verb === undefined) return 'get';
  if (verb !== 'update' && verb !== 'delete') return verb;
  const own = `${verb}/${group}/${kind}/${namespace}/${resourceName}`;
  return settings.objectsInherit ? [verb, own] : own;
}

/**
 * The object that a request names, where it is a node of the Application's resource tree. Objects of others are refused as
 * invalid, whether they exist or not.
 */
export async function liveObject(
  parts: LiveParts,
  { params, query, signal, rights, verb, orphans = true }: LiveCall,
): Promise<LiveObject> {
  const actions = [objectAction(verb, query, rights)];
  const app = await findApplication(parts, { name: params.name, ...query, rights, actions });
  const { group, kind, namespace, resourceName: name, version } = query;
  const fits = (node: ResourceNode): boolean =>
    node.kind === kind && node.name === name && (node.group ?? '') === group && (node.namespace ?? '') === namespace;
  const node = await treeNode(parts, app, { fits, signal, orphans });
  if (!node || isMissing(node)) {
    const what = `${kind} ${group ? `${group} ` : ''}${namespace ? `${namespace}/` : ''}${name}`;
    throw apiFailure('InvalidArgument', `${what} not found as part of application ${app.metadata.name}`);
  }
  const ref = { apiVersion: joinApiVersion(group, version), kind, name, ...(namespace ? { namespace } : {}) };
  return { client: await parts.clusters.of(app), ref };
}

const digest = (value: Uint8Array): string => createHash('sha256').update(value).digest('base64');

/** An object as a caller may see it: JSON with the values of Secrets as runs of `+` (reference §3.4). */
export function shownObject(object: KubeObject, sensitiveAnnotations: readonly string[]): string {
  const { managedFields: _, ...metadata } = object.metadata;
  const bare = maskSecret({ ...object, metadata }, digest);
  const [shown = bare] = hideDigests([bare], { annotations: sensitiveAnnotations });
  return stringifyJson(shown);
}
