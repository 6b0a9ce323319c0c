import type { Application } from '@plumbline/apis';
import type { ManagedResource, ResourceNode } from '@plumbline/protocol';
import { age } from './age.ts';
import { differing, diffText } from './diff-text.ts';

/** A warning of Kubernetes about an object of the tree. */
export interface ExplainedEvent {
  uid: string;
  reason: string;
  message: string;
  count: number;
  /** RFC 3339. */
  time: string | undefined;
}

export interface ExplainedFacts {
  application: Application;
  managed: readonly ManagedResource[];
  nodes: readonly ResourceNode[];
  events: readonly ExplainedEvent[];
}

interface ExplainStyle {
  bold(text: string): string;
  dim(text: string): string;
  paint(status: string): string;
  now: Date;
}

/** Objects, and fields of them, that are told; more would not fit on a page. */
const maxObjects = 6;
const well = new Set(['Healthy', 'Suspended']);

/** Nodes that are not well, those that others are not well because of last: roots first. */
export function troubled(nodes: readonly ResourceNode[]): ResourceNode[] {
  const bad = nodes.filter(({ health }) => health && !well.has(health.status));
  const uids = new Set(bad.map(({ uid }) => uid));
  // The deepest one tells the reason: its owners only repeat that something below is wrong.
  const hasBadChild = new Set(bad.flatMap(({ parentRefs = [] }) => parentRefs.map(({ uid = '' }) => uid)));
  const deepest = bad.filter(({ uid }) => !hasBadChild.has(uid));
  return [...deepest, ...bad.filter(({ uid }) => hasBadChild.has(uid) && uids.has(uid))];
}

const nameOf = ({ kind, namespace, name }: Pick<ResourceNode, 'kind' | 'namespace' | 'name'>): string =>
  `${kind} ${namespace ? `${namespace}/` : ''}${name}`;

/** `Deployment web → ReplicaSet web-1 → Pod web-1-x`. */
function lineage(node: ResourceNode, nodes: readonly ResourceNode[]): string {
  const byUid = new Map(nodes.map((one) => [one.uid, one]));
  const chain = [node];
  for (let at = byUid.get(node.parentRefs?.[0]?.uid ?? ''); at && !chain.includes(at); ) {
    chain.unshift(at);
    at = byUid.get(at.parentRefs?.[0]?.uid ?? '');
  }
  return chain.map((one) => `${one.kind} ${one.name}`).join(' → ');
}

function section(title: string, lines: string[], { bold }: ExplainStyle): string {
  return lines.length === 0 ? '' : `\n${bold(title)}\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function healthLines({ nodes, events }: ExplainedFacts, { dim, paint, now }: ExplainStyle): string[] {
  const bad = troubled(nodes);
  const told = new Set<string>();
  return bad.slice(0, maxObjects).flatMap((node) => {
    const chain = lineage(node, nodes);
    const { status = '', message = '' } = node.health ?? {};
    const own = events.filter(({ uid, reason, message: text }) => {
      const fresh = uid === node.uid && !told.has(reason + text);
      if (fresh) told.add(reason + text);
      return fresh;
    });
    return [
      `${chain}: ${paint(status)}${message ? `, ${message.split('\n').join(' ')}` : ''}`,
      ...own.map(({ reason, message: text, count, time }) => {
        const when = [time ? `${age(time, now)} ago` : '', count > 1 ? `${count} times` : '']
          .filter(Boolean)
          .join(', ');
        return `  event ${reason}${when ? dim(` (${when})`) : ''}: ${text.trim()}`;
      }),
    ];
  });
}

function syncLines({ application, managed }: ExplainedFacts, style: ExplainStyle): string[] {
  if (application.status?.sync?.status === 'Synced') return [];
  const different = differing([...managed]);
  const lines = different.slice(0, maxObjects).flatMap((item) =>
    diffText(item, style)
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/^=+ (.*) =+$/, '$1')),
  );
  const more = different.length - maxObjects;
  return more > 0 ? [...lines, `and ${more} more objects: plumb app diff ${application.metadata.name}`] : lines;
}

function operationLines({ application }: ExplainedFacts, { paint }: ExplainStyle): string[] {
  const state = application.status?.operationState;
  if (!state || state.phase === 'Succeeded') return [];
  const failed = (state.syncResult?.resources ?? []).filter(
    ({ status, hookPhase }) => status === 'SyncFailed' || hookPhase === 'Failed' || hookPhase === 'Error',
  );
  return [
    `${paint(state.phase)}: ${state.message ?? ''}`,
    ...failed.slice(0, maxObjects).map((one) => `${nameOf(one)}: ${one.message ?? ''}`),
  ];
}

function nextStep({ application: { metadata, spec, status } }: ExplainedFacts, hasTrouble: boolean): string {
  const { name } = metadata;
  if ((status?.conditions ?? []).some(({ type }) => type.endsWith('Error'))) {
    return `mend what the condition names, then: plumb app get ${name} --refresh`;
  }
  if (status?.operationState?.phase === 'Failed' || status?.operationState?.phase === 'Error') {
    return `plumb app get ${name} --show-operation tells more; plumb app sync ${name} tries again`;
  }
  if (hasTrouble) return `plumb app logs ${name} shows what the Pods say`;
  if (status?.sync?.status === 'OutOfSync') {
    return spec.syncPolicy?.automated ? `plumb app wait ${name} --sync` : `plumb app sync ${name}`;
  }
  return 'nothing: all is well';
}

/** Why an Application is OutOfSync or not healthy, from its conditions down to the events of Pods. Ends with a newline. */
export function explainText(facts: ExplainedFacts, style: ExplainStyle): string {
  const { status, metadata } = facts.application;
  const { paint, bold, dim, now } = style;
  const sync = status?.sync?.status ?? 'Unknown';
  const health = status?.health?.status ?? 'Unknown';
  const compared = status?.reconciledAt ? dim(`  compared ${age(status.reconciledAt, now)} ago`) : '';
  const conditions = (status?.conditions ?? []).map(({ type, message }) => `${paint(type)}: ${message}`);
  const trouble = health === 'Healthy' ? [] : healthLines(facts, style);
  return [
    `${bold(metadata.name)} is ${paint(sync)} and ${paint(health)}${compared}\n`,
    section('Conditions', conditions, style),
    section('The last operation', operationLines(facts, style), style),
    section(`Why it is ${sync}`, syncLines(facts, style), style),
    section(`Why it is ${health}`, trouble, style),
    `\n${dim('next:')} ${nextStep(facts, trouble.length > 0)}\n`,
  ].join('');
}
