import type { KubeObject } from '@plumbline/manifests';
import { explain, fieldDifferences, objectDifferences } from './field-differences.ts';
import { ownedFields } from './field-set.ts';
import { dropIgnored, type Sides } from './ignore-rules.ts';
import { type IgnoreStatus, normalize } from './normalize.ts';
import type { IgnoreRule, ResourceComparison } from './types.ts';

export interface CompareOptions {
  /** Our field manager. */
  manager: string;
  ignoreStatus: IgnoreStatus;
  rules: readonly IgnoreRule[];
  /** Takes off what jq expressions select; absent where no rule has any. */
  dropSelected?: (sides: Sides) => Promise<Sides>;
  /**
   * The live object as the server would leave it after an apply of the target (a server-side dry run). Asked only
   * where the fields differ at first sight.
   */
  predict: () => Promise<KubeObject>;
}

/** Both sides are there: whether the live object is as the target wants it, and if not, in which fields. */
export async function compareResource(sides: Sides, options: CompareOptions): Promise<ResourceComparison> {
  const { target, live } = await prepare(sides, options);
  const suspects = fieldDifferences(target, live, ownedFields(sides.live, options.manager));
  if (suspects.length === 0) return { outOfSync: false, differences: [], predicted: undefined };

  const predicted = await options.predict();
  const decided = await prepare({ target: predicted, live: sides.live }, options);
  const differences = objectDifferences(decided.target, decided.live).map((found) => explain(sides.live, found));
  return { outOfSync: differences.length > 0, differences, predicted };
}

async function prepare(sides: Sides, { rules, dropSelected, ignoreStatus }: CompareOptions): Promise<Sides> {
  const dropped = dropIgnored(sides, rules);
  const { target, live } = dropSelected ? await dropSelected(dropped) : dropped;
  return { target: normalize(target, ignoreStatus), live: normalize(live, ignoreStatus) };
}
