import { type Application, ownAnnotations } from '@plumbline/apis';
import { type ObjectHistoryEntry, readObjectHistory } from '@plumbline/protocol';
import { apiFailure } from '../http/api-failure.ts';

/** One object, and the time that is asked about. */
export interface ObjectQuestion {
  group?: string | undefined;
  kind: string;
  /** Absent: in any. */
  namespace?: string | undefined;
  name: string;
  /** RFC 3339. */
  at?: string | undefined;
}

type KeptRecord = Partial<ObjectHistoryEntry> & { startedAt?: string };

/**
 * Which operations wrote an object, oldest first, as far as they are kept; of those that had begun at a time, the last. An
 * operation whose writes were not all kept is named without an action: this may have been one of them (want 30).
 */
export function objectHistoryOf(app: Application, question: ObjectQuestion): ObjectHistoryEntry[] {
  const { group = '', kind, namespace, name } = question;
  const until = timeOf(question.at);
  const known = app.metadata.annotations ?? {};
  const records = new Map(recordsOf(known[ownAnnotations.operations]).map((record) => [record.startedAt, record]));
  const entries: ObjectHistoryEntry[] = [];
  for (const { startedAt, writes, more } of readObjectHistory(known[ownAnnotations.writes])) {
    const write = writes.find(
      (item) =>
        item.group === group &&
        item.kind === kind &&
        item.name === name &&
        (namespace === undefined || item.namespace === namespace),
    );
    if ((!write && more === 0) || Date.parse(startedAt) > until) continue;
    entries.push({ ...factsOf(records.get(startedAt)), startedAt, ...(write ? resultOf(write) : {}) });
  }
  return question.at === undefined ? entries : entries.slice(-1);
}

function factsOf(record: KeptRecord = {}): Omit<ObjectHistoryEntry, 'startedAt'> {
  const { finishedAt, by, info, revisions, phase, plan, approvedBy } = record;
  return {
    ...(finishedAt ? { finishedAt } : {}),
    ...(by ? { by } : {}),
    ...(info ? { info } : {}),
    ...(revisions ? { revisions } : {}),
    ...(phase ? { phase } : {}),
    ...(plan ? { plan } : {}),
    ...(approvedBy ? { approvedBy } : {}),
  };
}

function resultOf({ action, before, after, error }: Pick<ObjectHistoryEntry, 'action' | 'before' | 'after' | 'error'>) {
  return {
    ...(action ? { action } : {}),
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    ...(error ? { error } : {}),
  };
}

function recordsOf(text: string | undefined): KeptRecord[] {
  try {
    const read: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(read) ? (read as KeptRecord[]) : [];
  } catch {
    return [];
  }
}

function timeOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw apiFailure('InvalidArgument', `at must be a time in RFC 3339, not "${text}"`);
  return time;
}
