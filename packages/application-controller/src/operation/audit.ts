import { createHash } from 'node:crypto';
import { type OperationState, ownAnnotations } from '@plumbline/apis';
import { type KubeObject, type ResourceKey, stringifyJson } from '@plumbline/manifests';
import type { KeptWrite } from '@plumbline/protocol';
import type { ActionOutcome } from '@plumbline/sync';
import { previewOf } from '../inspect/operation-plan.ts';
import type { Pass } from '../pass.ts';
import { hasBegun } from './hold.ts';
import type { Attempt } from './running-operation.ts';

/** What an operation did to one object. */
export interface AuditedWrite {
  /** `group/kind/namespace/name`. */
  object: string;
  action: 'apply' | 'prune' | 'hand-over';
  /** Digest of the object before, without status and what the server counts; absent where there was none. */
  before?: string;
  after?: string;
  error?: string;
}

/** So many writes of one operation are told in full. */
const keptWrites = 200;

/** Remembers what was written, for {@link auditText}. Call it before the live state changes any further. */
export function noteWrites(pass: Pass, attempt: Attempt, outcomes: readonly ActionOutcome[]): void {
  if (outcomes.length === 0) return;
  const audit = auditFor(pass, attempt);
  for (const outcome of outcomes) {
    const { kind } = outcome.action;
    if (kind !== 'apply' && kind !== 'prune') continue;
    audit.total += 1;
    if (audit.writes.length < keptWrites) audit.writes.push(auditedWrite(pass, outcome));
  }
}

function auditFor({ operationState: state, runtime: { operations } }: Pass, attempt: Attempt) {
  const operation = state?.startedAt ?? '';
  if (operations.audit?.operation === operation) return operations.audit;
  const whole = state && !hasBegun(state);
  operations.audit = { operation, total: 0, writes: [], ...(whole ? { plan: previewOf(attempt).hash } : {}) };
  return operations.audit;
}

function auditedWrite(pass: Pass, { action, error, handedOver }: ActionOutcome): AuditedWrite {
  const { task } = action;
  const before = digest(task.live?.object);
  const after = action.kind === 'apply' && !error ? digest(pass.destination?.live.get(task.key)?.object) : undefined;
  return {
    object: nameOf(task.key),
    action: handedOver ? 'hand-over' : action.kind === 'prune' ? 'prune' : 'apply',
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(error ? { error: error.slice(0, 200) } : {}),
  };
}

function nameOf({ group, kind, namespace, name }: ResourceKey): string {
  return [group, kind, namespace, name].join('/');
}

/** Secret values are keyed digests already where this sees them. */
function digest(object: KubeObject | undefined): string | undefined {
  if (!object) return undefined;
  const { status: _status, metadata, ...rest } = object;
  const { managedFields: _fields, resourceVersion: _version, generation: _generation, ...kept } = metadata;
  return createHash('sha256')
    .update(stringifyJson([rest, kept]))
    .digest('hex')
    .slice(0, 16);
}

/** The record of an operation that is over: who, from where, what came of it, and what was done to each object. */
export function auditRecord(pass: Pass, state: OperationState): Record<string, unknown> {
  const { audit } = pass.runtime.operations;
  const own = audit?.operation === state.startedAt ? audit : { total: 0, writes: [], plan: undefined };
  const { revision, revisions } = state.syncResult ?? {};
  const { initiatedBy, info } = state.operation;
  const approved = pass.runtime.operations.approvalOf(state.startedAt);
  const approvedBy = pass.app.metadata.annotations?.[ownAnnotations.deletionApprovedBy];
  return {
    startedAt: state.startedAt,
    finishedAt: state.finishedAt,
    by: initiatedBy?.automated ? 'automation' : (initiatedBy?.username ?? 'unknown'),
    ...(info && info.length > 0 ? { info } : {}),
    revisions: revisions && revisions.length > 0 ? revisions : [revision ?? ''],
    ...(own.plan ? { plan: own.plan } : {}),
    ...(approved ? { approved, approvedBy: approvedBy ?? 'an annotation' } : {}),
    phase: state.phase,
    writes: own.writes,
    ...(own.total > own.writes.length ? { more: own.total - own.writes.length } : {}),
  };
}

/** Puts the record of an operation that is over, without its single writes, among those that the Application keeps. */
export function keepRecord(pass: Pass, state: OperationState): void {
  const { writes, more, ...record } = auditRecord(pass, state) as { writes: AuditedWrite[]; more?: number };
  const counts: Record<string, number> = more ? { more } : {};
  for (const { action, error } of writes) {
    const what = error ? 'refused' : action;
    counts[what] = (counts[what] ?? 0) + 1;
  }
  const kept = { startedAt: state.startedAt, writes: writes.map(keptWrite), more: more ?? 0 };
  pass.runtime.operations.keepRecord(pass.app, { ...record, writes: counts }, kept);
}

function keptWrite({ object, ...write }: AuditedWrite): KeptWrite {
  const [group = '', kind = '', namespace = '', name = ''] = object.split('/');
  return { group, kind, namespace, name, ...write };
}
