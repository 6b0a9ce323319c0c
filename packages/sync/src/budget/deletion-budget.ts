import { parseDuration } from '@plumbline/apis';
import { PlumblineError } from '@plumbline/errors';

/** How much may be deleted without an approval: up to `weight`, or up to `share` of all there is, whichever is more. */
export interface DeletionBudget {
  /** Weighted objects. */
  weight: number;
  /** Of the weight of all objects of the Application; 0 to 1. */
  share: number;
}

/** A budget for all operations within a time. */
export interface WindowBudget extends DeletionBudget {
  windowMs: number;
}

/** The budgets that hold for one Application; undefined is no limit. */
export interface DeletionBudgets {
  operation: DeletionBudget | undefined;
  window: WindowBudget | undefined;
  /** For the deletion of the Application itself. */
  cascade: DeletionBudget | undefined;
}

/** In force where nobody says otherwise: a normal prune never meets them. */
export const defaultBudgets: DeletionBudgets = {
  operation: { weight: 10, share: 0.5 },
  window: { weight: 30, share: 1, windowMs: 3_600_000 },
  cascade: undefined,
};

const part = /^(\d+(?:\.\d+)?)(%?)$/;

/**
 * Reads `10`, `50%` or `10,50%`; `none` is no limit (undefined), and `0` means that every deletion waits for an approval.
 * Throws `SYNC_BUDGET_INVALID`.
 */
export function parseBudget(text: string): DeletionBudget | undefined {
  if (text.trim() === 'none') return undefined;
  const budget = { weight: 0, share: 0 };
  for (const piece of text.split(',')) {
    const [, number, percent] = part.exec(piece.trim()) ?? [];
    const value = Number(number);
    if (number === undefined || (percent && value > 100)) throw invalid(text);
    if (percent) budget.share = value / 100;
    else budget.weight = value;
  }
  return budget;
}

/** Reads `30,100%/1h`; `none` is no limit. Throws `SYNC_BUDGET_INVALID`. */
export function parseWindowBudget(text: string): WindowBudget | undefined {
  if (text.trim() === 'none') return undefined;
  const [amount = '', time, ...more] = text.split('/');
  const budget = parseBudget(amount);
  if (!budget || !time || more.length > 0) throw invalid(text);
  return { ...budget, windowMs: windowOf(time.trim(), text) };
}

function windowOf(time: string, text: string): number {
  try {
    const ms = parseDuration(time);
    if (ms > 0) return ms;
  } catch {
    // Said below, with the whole text.
  }
  throw invalid(text);
}

function invalid(text: string): PlumblineError {
  return new PlumblineError('SYNC_BUDGET_INVALID', `"${text}" is not a deletion budget`, {
    hint: 'write a number of objects, a share or both, like 10,50%; for a time window 30,100%/1h; none for no limit',
  });
}

/** The most that a budget allows, in weight. */
export function allowance({ weight, share }: DeletionBudget, total: number): number {
  return Math.max(weight, share * total);
}

/** `10 objects or 50 %`. */
export function budgetText({ weight, share }: DeletionBudget): string {
  const percent = `${Math.round(share * 1000) / 10} %`;
  if (share === 0) return `${weight} objects`;
  return weight === 0 ? percent : `${weight} objects or ${percent}`;
}
