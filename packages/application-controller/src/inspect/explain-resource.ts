import {
  type ExplainedDifference,
  explainDifferences,
  normalize,
  parsePointer,
  prepare,
  type Sides,
  valueAt,
} from '@plumbline/diff';
import { isSecret, type KubeObject } from '@plumbline/manifests';
import type { ResourceState } from '../compare/compare-state.ts';
import { type ComparerRules, preparation } from '../compare/resource-comparer.ts';
import { fieldManager } from '../field-manager.ts';

/** One object as the comparison sees it, and why its sides differ. */
export interface ExplainedResource {
  /** The live object without what the comparison leaves out. */
  live: KubeObject | undefined;
  /** What an apply would leave, prepared alike; undefined where there is no target. */
  predicted: KubeObject | undefined;
  explanation: readonly ExplainedDifference[];
}

/** Explains one pair. Hooks are prepared, too, and not explained: they are not compared. */
export async function explainResource(item: ResourceState, rules: ComparerRules): Promise<ExplainedResource> {
  const { liveObject: live, comparison } = item;
  const target = item.target?.object;
  if (!live) return { live: undefined, predicted: target && normalize(target), explanation: [] };
  const options = preparation(target ?? live, rules);
  const predicted = target ? (comparison?.predicted ?? live) : live;
  const asLeft = await prepare({ target: predicted, live }, options);
  if (!target || !comparison) return { live: asLeft.live, predicted: target && asLeft.target, explanation: [] };
  const prepared = await prepare({ target, live }, options);
  const explanation = explainDifferences({ prepared, live, comparison, manager: fieldManager });
  return { live: asLeft.live, predicted: asLeft.target, explanation };
}

/** The explanation with the values of a Secret as they are shown. */
export function shownExplanation(explanation: readonly ExplainedDifference[], shown: Sides): ExplainedDifference[] {
  if (!isSecret(shown.live)) return [...explanation];
  return explanation.map((difference) => {
    const path = parsePointer(difference.path);
    return { ...difference, target: valueAt(shown.target, path), live: valueAt(shown.live, path) };
  });
}
