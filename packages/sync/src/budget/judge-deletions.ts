import { createHash } from 'node:crypto';
import { keyString } from '@plumbline/manifests';
import { displayKey } from '../display.ts';
import { allowance, budgetText, type DeletionBudget, type WindowBudget } from './deletion-budget.ts';
import type { Deletion } from './weight.ts';

/** What the gate is asked about. */
export interface DeletionQuery {
  /** Everything that the operation deletes, what it has deleted already included. */
  deletions: readonly Deletion[];
  /** Weight of all objects that the Application has. */
  total: number;
  budget: DeletionBudget | undefined;
  window: WindowBudget | undefined;
  /** Weight deleted within the window before, without an approval. */
  spent: number;
  /** What the digest is bound to besides the objects: the revisions, or the uid of the Application that goes. */
  occasion: readonly string[];
  /** The digest that somebody approved. */
  approval: string | undefined;
}

/** The gate's answer. `digest` names just these deletions on just this occasion. */
export type DeletionVerdict =
  | { allowed: true; approved: false }
  | { allowed: true; approved: true; digest: string }
  | { allowed: false; digest: string; reason: string };

/**
 * The one gate of every path that deletes (design decision 11): within the budgets, or approved by its digest. Pure.
 */
export function judgeDeletions(query: DeletionQuery): DeletionVerdict {
  const excess = excessOf(query);
  if (query.deletions.length === 0 || excess === undefined) return { allowed: true, approved: false };
  const digest = deletionDigest(query);
  if (query.approval?.trim() === digest) return { allowed: true, approved: true, digest };
  return { allowed: false, digest, reason: `${summary(query.deletions)}: ${excess}` };
}

/** Names the deletions and their occasion: another set, or another revision, has another one. */
function deletionDigest({ deletions, occasion }: Pick<DeletionQuery, 'deletions' | 'occasion'>): string {
  const keys = deletions.map(({ key }) => keyString(key)).sort();
  return createHash('sha256')
    .update(JSON.stringify([occasion, keys]))
    .digest('hex')
    .slice(0, 16);
}

export function totalWeight(deletions: readonly Deletion[]): number {
  return deletions.reduce((sum, { weight }) => sum + weight, 0);
}

function excessOf({ deletions, total, budget, window, spent }: DeletionQuery): string | undefined {
  const weight = totalWeight(deletions);
  if (budget && weight > allowance(budget, total)) {
    return `weight ${weight} of ${total} is more than the budget of ${budgetText(budget)} for one operation`;
  }
  if (window && weight + spent > allowance(window, total)) {
    const time = `${Math.round(window.windowMs / 60_000)} min`;
    return `weight ${weight}, after ${spent} within ${time}, is more than the budget of ${budgetText(window)} for that time`;
  }
  return undefined;
}

const named = 5;

/** `12 deletions (10 ConfigMap, 2 Namespace: Namespace/a, Namespace/b, … and 7 more)`, the heaviest first. */
function summary(deletions: readonly Deletion[]): string {
  const counts = new Map<string, number>();
  for (const { key } of deletions) counts.set(key.kind, (counts.get(key.kind) ?? 0) + 1);
  const kinds = [...counts].sort(([, a], [, b]) => b - a).map(([kind, count]) => `${count} ${kind}`);
  const heaviest = [...deletions].sort((a, b) => b.weight - a.weight).slice(0, named);
  const rest = deletions.length - heaviest.length;
  const names = heaviest.map(({ key }) => displayKey(key)).join(', ');
  return `${deletions.length} deletions (${kinds.join(', ')}): ${names}${rest > 0 ? ` and ${rest} more` : ''}`;
}
