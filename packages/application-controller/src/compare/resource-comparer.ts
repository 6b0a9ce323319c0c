import {
  type CompareOptions,
  compareResource,
  deletePaths,
  type IgnoreRule,
  type IgnoreRuleSpec,
  type IgnoreStatus,
  matchingRules,
  type ResourceComparison,
  type Sides,
} from '@plumbline/diff';
import { PlumblineError, retryClass } from '@plumbline/errors';
import { type KubeObject, keyOf, keyString } from '@plumbline/manifests';
import { fieldManager } from '../field-manager.ts';
import { selectedPaths } from './selected-paths.ts';

interface Known {
  target: KubeObject;
  resourceVersion: string | undefined;
  rules: string;
  comparison: ResourceComparison;
}

export interface ComparerRules {
  ignoreDifferences: readonly IgnoreRuleSpec[];
  ignoreStatus: IgnoreStatus;
}

/** Asks the server what an apply of the target would leave: a server-side dry run. */
export type Predict = (target: KubeObject) => Promise<KubeObject>;

/**
 * Compares the pairs of one Application and remembers each verdict for as long as neither the target, nor the live
 * object's resourceVersion, nor the rules change: a pass costs what changed since the one before.
 */
export class ResourceComparer {
  readonly #known = new Map<string, Known>();

  async compare(sides: Sides, rules: ComparerRules, predict: Predict): Promise<ResourceComparison> {
    const key = keyString(keyOf(sides.target));
    const rulesText = JSON.stringify(rules);
    const { resourceVersion } = sides.live.metadata;
    const known = this.#known.get(key);
    if (known?.target === sides.target && known.resourceVersion === resourceVersion && known.rules === rulesText) {
      return known.comparison;
    }
    const comparison = await compare(sides, rules, predict);
    this.#known.set(key, { target: sides.target, resourceVersion, rules: rulesText, comparison });
    return comparison;
  }

  /**
   * An apply of exactly this target has just left this live object: they are equal by definition. Only said where the
   * live object is the server's answer to our own write.
   */
  applied(target: KubeObject, live: KubeObject, rules: ComparerRules): void {
    const comparison = { outOfSync: false, differences: [], predicted: live };
    const { resourceVersion } = live.metadata;
    this.#known.set(keyString(keyOf(target)), { target, resourceVersion, rules: JSON.stringify(rules), comparison });
  }

  /** Forgets what is no longer a pair. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
  }

  clear(): void {
    this.#known.clear();
  }
}

async function compare(sides: Sides, rules: ComparerRules, predict: Predict): Promise<ResourceComparison> {
  const matching = matchingRules(sides.target, rules.ignoreDifferences);
  const expressions = matching.flatMap((rule) => rule.jqPathExpressions);
  const options: CompareOptions = {
    manager: fieldManager,
    ignoreStatus: rules.ignoreStatus,
    rules: matching,
    ...(expressions.length > 0 ? { dropSelected: (pair: Sides) => dropSelected(pair, expressions) } : {}),
    predict: () => predict(sides.target),
  };
  try {
    return await compareResource(sides, options);
  } catch (error) {
    // The server refuses the target itself (immutable field, admission): it differs, whatever else is true.
    if (!(error instanceof PlumblineError) || retryClass(error) !== 'terminal') throw error;
    return compareResource(sides, { ...options, predict: async () => overlay(sides) });
  }
}

/** The target laid over the live object: the best prediction where the server gives none. */
function overlay({ target, live }: Sides): KubeObject {
  return { ...live, ...target, metadata: { ...live.metadata, ...target.metadata } };
}

async function dropSelected(pair: Sides, expressions: readonly string[]): Promise<Sides> {
  const drop = async (object: KubeObject) => {
    let result = object;
    for (const expression of expressions) result = deletePaths(result, await selectedPaths(result, expression));
    return result;
  };
  return { target: await drop(pair.target), live: await drop(pair.live) };
}

/** The rules for one object, for `RespectIgnoreDifferences=true`. */
export function rulesFor(object: KubeObject, rules: ComparerRules): IgnoreRule[] {
  return matchingRules(object, rules.ignoreDifferences);
}
