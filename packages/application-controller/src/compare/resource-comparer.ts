import {
  type ApplyStyle,
  compareResource,
  type Found,
  type IgnoreRule,
  type IgnoreRuleSpec,
  type IgnoreStatus,
  imposed,
  type KnownTypeField,
  matchingRules,
  type prepare,
  type ResourceComparison,
  type Sides,
  staleFields,
} from '@plumbline/diff';
import { hasCode, PlumblineError, retryClass } from '@plumbline/errors';
import { deepEqual, type KubeObject, keyOf, keyString } from '@plumbline/manifests';
import { mergedSyncOptions, resourceSyncOptions } from '@plumbline/sync';
import { fieldManager } from '../field-manager.ts';
import { countsWebhooks } from './compare-options.ts';
import { defaultJqTimeoutMs, dropSelected } from './selected-paths.ts';

interface Known {
  target: KubeObject;
  resourceVersion: string | undefined;
  rules: string;
  comparison: ResourceComparison;
}

/** What does not count in the comparisons of an Application: its own rules and those of argocd-cm. */
export interface ComparerRules {
  ignoreDifferences: readonly IgnoreRuleSpec[];
  ignoreStatus: IgnoreStatus;
  /** Rules that a controller gathers into a ClusterRole do not count. */
  ignoreAggregatedRules?: boolean;
  knownTypes?: readonly KnownTypeField[];
  /** For all jq expressions over one object; default 1 s. */
  jqTimeoutMs?: number;
  /** What admission webhooks change counts, too: the Application's compare-options say so. */
  countWebhooks?: boolean;
  /** Of the Application: they tell how a sync applies. */
  syncOptions?: readonly string[];
}

/** Answers of the server that a comparison may ask for. */
export interface Referee {
  /**
   * What an apply of the target would leave: a dry run. Its resourceVersion is that of the live object which the server
   * started from.
   */
  predict(target: KubeObject, style: ApplyStyle): Promise<KubeObject>;
  /** The live object as the server has it now; undefined where it is gone. */
  current?(live: KubeObject): Promise<KubeObject | undefined>;
  /** The object as it would be stored if it were written in this form: with defaults. Undefined where the server refuses it. */
  complete?(object: KubeObject): Promise<KubeObject | undefined>;
}

/**
 * Compares the pairs of one Application and remembers each verdict for as long as neither the target, nor the live
 * object's resourceVersion, nor the rules change: a pass costs what changed since the one before.
 */
export class ResourceComparer {
  readonly #known = new Map<string, Known>();
  /** The last target of each object that was found live. */
  readonly #settled = new Map<string, KubeObject>();
  readonly #texts = new WeakMap<ComparerRules, string>();

  async compare(sides: Sides, rules: ComparerRules, referee: Referee): Promise<ResourceComparison> {
    const key = keyString(keyOf(sides.target));
    const rulesText = this.#textOf(rules);
    const { resourceVersion } = sides.live.metadata;
    const known = this.#known.get(key);
    if (known?.target === sides.target && known.resourceVersion === resourceVersion && known.rules === rulesText) {
      return known.comparison;
    }
    const comparison = this.#noted(key, sides.target, await compare(sides, rules, referee));
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
    const key = keyString(keyOf(target));
    this.#settled.set(key, target);
    this.#known.set(key, { target, resourceVersion, rules: this.#textOf(rules), comparison });
  }

  /** Forgets what is no longer a pair. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key);
    for (const key of this.#settled.keys()) if (!keys.has(key)) this.#settled.delete(key);
  }

  /** Forgets the verdicts. */
  clear(): void {
    this.#known.clear();
  }

  #noted(key: string, target: KubeObject, comparison: ResourceComparison): ResourceComparison {
    if (!comparison.outOfSync) {
      this.#settled.set(key, target);
      return comparison;
    }
    const settled = this.#settled.get(key);
    return settled && (settled === target || deepEqual(settled, target))
      ? { ...comparison, settled: true }
      : comparison;
  }

  #textOf(rules: ComparerRules): string {
    const known = this.#texts.get(rules);
    if (known !== undefined) return known;
    const text = JSON.stringify(rules);
    this.#texts.set(rules, text);
    return text;
  }
}

/** How often a live object that changes while it is compared is read again. */
const readings = 3;

/**
 * Compares with the live object that the server's prediction started from: one that has changed since it was read would
 * differ by what others have written meanwhile.
 */
async function compare(sides: Sides, rules: ComparerRules, referee: Referee): Promise<ResourceComparison> {
  let { live } = sides;
  for (let reading = 1; ; reading += 1) {
    const attempt = await compareOnce({ ...sides, live }, rules, referee).catch((error: unknown) => {
      if (!hasCode(error, 'KUBE_CONFLICT') || reading >= readings) throw error;
      return undefined;
    });
    if (attempt && (!attempt.moved || reading >= readings)) return attempt.comparison;
    const newer = await referee.current?.(live);
    if (attempt && !newer) return attempt.comparison;
    live = newer ?? live;
  }
}

/** Where the server refuses to put the target in place of a live object, an apply tells what differs. */
async function compareOnce(sides: Sides, rules: ComparerRules, referee: Referee): Promise<Attempt> {
  const style = applyStyle(sides, rules.syncOptions);
  if (style !== 'replace') return compareBy(style, sides, { rules, referee });
  try {
    return await compareBy(style, sides, { rules, referee });
  } catch (error) {
    if (!isRefusal(error) || hasCode(error, 'KUBE_CONFLICT')) throw error;
    return compareBy('takeover', sides, { rules, referee });
  }
}

interface Attempt {
  comparison: ResourceComparison;
  /** The server started from another version of the live object. */
  moved: boolean;
}

async function compareBy(
  style: ApplyStyle,
  sides: Sides,
  { rules, referee }: { rules: ComparerRules; referee: Referee },
): Promise<Attempt> {
  const { complete } = referee;
  const { resourceVersion } = sides.live.metadata;
  const guess = (error: unknown, suspects: readonly Found[]) =>
    imposedState(error, { live: sides.live, suspects }, referee);
  let moved = false;
  const comparison = await compareResource(sides, {
    ...preparation(sides.target, rules),
    manager: fieldManager,
    apply: style,
    predict: async () => {
      const predicted = await referee.predict(sides.target, style);
      const from = predicted.metadata.resourceVersion;
      moved = from !== undefined && resourceVersion !== undefined && from !== resourceVersion;
      return predicted;
    },
    ...(style === 'replace' ? {} : { guess }),
    ...(complete ? { complete: (object: KubeObject) => complete(object) } : {}),
    countWebhooks: rules.countWebhooks === true || countsWebhooks(sides.target),
  });
  return { comparison, moved };
}

/** How a sync of the object applies it. */
function applyStyle({ target, live }: Sides, syncOptions: readonly string[] = []): ApplyStyle {
  const options = mergedSyncOptions(syncOptions, target);
  const replaces = [options, resourceSyncOptions(live)].some((side) => side.get('Replace') === 'true');
  if (replaces && !(options.get('Force') === 'true')) return 'replace';
  if (options.get('ServerSideApply') === 'false') return 'client-side';
  return options.get('ClientSideApplyMigration') === 'false' ? 'server-side' : 'takeover';
}

/** What is left out of both sides before an object is compared. */
export function preparation(object: KubeObject, rules: ComparerRules): Parameters<typeof prepare>[1] {
  const matching = matchingRules(object, rules.ignoreDifferences);
  const expressions = matching.flatMap((rule) => rule.jqPathExpressions);
  const { knownTypes, ignoreStatus, ignoreAggregatedRules = false, jqTimeoutMs = defaultJqTimeoutMs } = rules;
  const jq = { expressions, timeoutMs: jqTimeoutMs };
  return {
    ignoreStatus,
    ignoreAggregatedRules,
    ...(knownTypes ? { knownTypes } : {}),
    rules: matching,
    ...(expressions.length > 0 ? { dropSelected: (pair: Sides) => dropSelected(pair, jq) } : {}),
  };
}

/**
 * The best prediction where the server gives none. Fields that only client-side applies own may be what it refuses: a sync
 * takes them off first.
 */
async function imposedState(
  error: unknown,
  { live, suspects }: { live: KubeObject; suspects: readonly Found[] },
  { complete }: Referee,
): Promise<KubeObject> {
  // Where the server refuses the target (immutable field, admission), it differs, whatever else is true.
  if (!isRefusal(error)) throw error;
  const stale = staleFields(live, fieldManager);
  const wanted = imposed(live, suspects);
  const { managedFields: _, ...metadata } = wanted.metadata;
  const bare = { ...wanted, metadata };
  return complete && Object.keys(stale).length > 0 ? ((await complete(bare)) ?? bare) : bare;
}

/** Also what the server cannot even read (a quantity that is none, broken base64): that is answered with a 500. */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof PlumblineError)) return false;
  return retryClass(error) === 'terminal' || /(unable|failed) to convert/.test(error.message);
}

/** The rules for one object, for `RespectIgnoreDifferences=true`. */
export function rulesFor(object: KubeObject, rules: ComparerRules): IgnoreRule[] {
  return matchingRules(object, rules.ignoreDifferences);
}
