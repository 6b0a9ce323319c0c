import { ownAnnotations } from '@plumbline/apis';
import { errorMessage } from '@plumbline/errors';
import { type DeletionBudgets, defaultBudgets, parseBudget, parseWindowBudget } from './deletion-budget.ts';

/** One level that may set budgets: its texts by annotation key of `ownAnnotations`. */
export interface BudgetLevel {
  /** For people: `Application web`, `AppProject team`, `ConfigMap argocd-cm`. */
  owner: string;
  values: Readonly<Record<string, string | undefined>>;
}

/**
 * The budgets that hold, each from the first level that sets it (the Application before its project before everything).
 * A text that cannot be read counts as not written, so that nothing is deleted by a slip; it is told in `problems`.
 */
export function resolveBudgets(levels: readonly BudgetLevel[]): { budgets: DeletionBudgets; problems: string[] } {
  const problems: string[] = [];
  const first = <Value>(key: string, parse: (text: string) => Value, byDefault: Value): Value => {
    for (const { owner, values } of levels) {
      const text = values[key];
      if (text === undefined) continue;
      try {
        return parse(text);
      } catch (error) {
        problems.push(`${owner}, ${key}: ${errorMessage(error)}`);
      }
    }
    return byDefault;
  };
  const budgets = {
    operation: first(ownAnnotations.deletionBudget, parseBudget, defaultBudgets.operation),
    window: first(ownAnnotations.deletionBudgetWindow, parseWindowBudget, defaultBudgets.window),
    cascade: first(ownAnnotations.cascadeBudget, parseBudget, defaultBudgets.cascade),
  };
  return { budgets, problems };
}
