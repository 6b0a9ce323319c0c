import { type Application, ownAnnotations } from '@plumbline/apis';
import { type KeptOperation, objectHistoryText, readObjectHistory } from '@plumbline/protocol';
import type { Moment } from '../moment.ts';
import type { AuditedWrite } from './audit.ts';

/** Something deleted without an approval: it counts against the budget of a time window. */
export interface PastDeletion {
  /** Ms since the epoch. */
  at: number;
  weight: number;
  /** The attempt that did it: start of its operation and number of the retry. */
  operation: string;
}

/** So many past operations are kept with the Application. */
const keptRecords = 20;

/** What is remembered of an Application's operations beyond one attempt, in memory. */
export class OperationMemory {
  /** Keys of the deletions that were approved for an operation, by its start: a retry deletes the rest of them. */
  approved: { operation: string; digest: string; keys: ReadonlySet<string> } | undefined;
  /** Start of the last operation, RFC 3339. */
  lastStart: string | undefined;
  /** When an operation that was seen began, by its start as it is written. */
  seen: { operation: string; start: Moment } | undefined;
  /** Why an operation is being terminated, by its start: the end of its last message. */
  interrupted: { operation: string; note: string } | undefined;
  /** When an operation began to wait for what other Applications render, by its start; ms since the epoch, and of the steady clock. */
  waitsForOthers: { operation: string; since: number; steady: number } | undefined;
  /** What an operation has written, by its start. */
  audit: { operation: string; total: number; writes: AuditedWrite[]; plan?: string } | undefined;
  #deletions: PastDeletion[] | undefined;
  #records: unknown[] | undefined;
  #writes: KeptOperation[] | undefined;

  /** Deletions that are not older than `since`; after a restart those that the Application's annotation tells. */
  deletions(app: Application, since: number): readonly PastDeletion[] {
    this.#deletions ??= readDeletions(app.metadata.annotations?.[ownAnnotations.recentDeletions]);
    this.#deletions = this.#deletions.filter(({ at }) => at >= since);
    return this.#deletions;
  }

  addDeletion(deletion: PastDeletion): void {
    const last = this.#deletions?.at(-1);
    if (last?.operation === deletion.operation) last.weight += deletion.weight;
    else this.#deletions = [...(this.#deletions ?? []), { ...deletion }];
  }

  /** The value of the annotation that keeps them over a restart; undefined where there are none. */
  deletionsText(): string | undefined {
    return this.#deletions && this.#deletions.length > 0 ? JSON.stringify(this.#deletions) : undefined;
  }

  /** The digest by which deletions of an operation were approved. */
  approvalOf(operation: string | undefined): string | undefined {
    return this.approved?.operation === operation ? this.approved?.digest : undefined;
  }

  /** Keeps what is known of an operation that is over, and what it wrote. */
  keepRecord(app: Application, record: object, { startedAt, writes, more }: KeptOperation): void {
    const former = this.#records ?? readList(app.metadata.annotations?.[ownAnnotations.operations]);
    this.#records = [...former, record].slice(-keptRecords);
    const told = this.#writes ?? readObjectHistory(app.metadata.annotations?.[ownAnnotations.writes]);
    this.#writes = writes.length + more > 0 ? [...told, { startedAt, writes, more }].slice(-keptRecords) : told;
  }

  /** The value of the annotation that keeps their writes; undefined where it is to stay as it is. */
  writesText(): string | undefined {
    return this.#writes && this.#writes.length > 0 ? objectHistoryText(this.#writes) : undefined;
  }

  /** The value of the annotation that keeps the last operations; undefined where it is to stay as it is. */
  recordsText(): string | undefined {
    return this.#records && JSON.stringify(this.#records);
  }
}

function readDeletions(text: string | undefined): PastDeletion[] {
  return readList(text).filter(isDeletion);
}

function readList(text: string | undefined): unknown[] {
  if (!text) return [];
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? read : [];
  } catch {
    return [];
  }
}

function isDeletion(value: unknown): value is PastDeletion {
  const { at, weight, operation } = (value ?? {}) as Partial<PastDeletion>;
  return typeof at === 'number' && typeof weight === 'number' && typeof operation === 'string';
}
