import { annotation, deepEqual, type KubeObject, parseJson } from '@plumbline/manifests';
import { explain } from './explain-writer.ts';
import { type Found, fieldDifferences } from './field-differences.ts';
import { type FieldSet, isOurApply, ownedFields, shapeOf, unionOf, uniteFields } from './field-set.ts';
import { deletePaths, dropIgnored, type Sides } from './ignore-rules.ts';
import { sameMeaning } from './normal-forms.ts';
import { lastApplied, type NormalizeOptions, normalize } from './normalize.ts';
import { objectDifferences } from './object-differences.ts';
import { overlap } from './pair-entries.ts';
import { looksLikeDefault } from './server-defaults.ts';
import { removeFields, staleFields } from './stale-fields.ts';
import type { IgnoreRule, ResourceComparison } from './types.ts';

export interface CompareOptions extends NormalizeOptions {
  /** Our field manager. */
  manager: string;
  rules: readonly IgnoreRule[];
  /** Takes off what jq expressions select; absent where no rule has any. */
  dropSelected?: (sides: Sides) => Promise<Sides>;
  /**
   * The live object as the server would leave it after an apply of the target (a server-side dry run). Asked only
   * where the fields differ at first sight.
   */
  predict: () => Promise<KubeObject>;
  /**
   * The object as the server would leave it if it were written in this form: with its defaults. Asked only where fields
   * of a client-side apply are to go. Undefined where the server refuses it.
   */
  complete?: (object: KubeObject) => Promise<KubeObject | undefined>;
  /**
   * The prediction where {@link predict} throws, from the fields in question; throws itself where there can be none now.
   * Absent: the error is thrown.
   */
  guess?: (error: unknown, suspects: readonly Found[]) => Promise<KubeObject>;
  /** Whether what admission webhooks change counts, too (`IncludeMutationWebhook=true`, reference §3.1). */
  countWebhooks?: boolean;
  /** How a sync applies; default `takeover`. */
  apply?: ApplyStyle;
}

/**
 * How a sync writes: by a server-side apply that first takes over what client-side applies own (`takeover`), by one that
 * leaves that alone (`ClientSideApplyMigration=false`), by a client-side apply (`ServerSideApply=false`), or not by an
 * apply: the target is put in place of the live object (`Replace=true`).
 */
export type ApplyStyle = 'takeover' | 'server-side' | 'client-side' | 'replace';

const inSync: ResourceComparison = { outOfSync: false, differences: [], predicted: undefined };

/** Both sides are there: whether the live object is as the target wants it, and if not, in which fields. */
export async function compareResource(sides: Sides, options: CompareOptions): Promise<ResourceComparison> {
  const { live } = sides;
  const prepared = await prepare(sides, options);
  const sets = { owned: ownedBySource(live, options), shape: shapeOf(live) };
  const first = fieldDifferences(prepared.target, prepared.live, sets);
  if (first.length === 0 && !options.countWebhooks && notedAlike(sides, options)) return inSync;

  const predicted = await predictedState(sides.target, first, options);
  if (!predicted) return inSync;
  const shape = shapeOf(live, predicted);
  const owned = uniteFields(sets.owned, ownedBySource(predicted, options));
  const suspects = fieldDifferences(prepared.target, prepared.live, { owned, shape });
  const decided = await prepare({ target: predicted, live }, options);
  const changes = objectDifferences(decided.target, decided.live, shape);
  const isCause = (change: Found) => touches(change, suspects) || isTakenAway(change, options);
  const touched = options.countWebhooks ? changes : changes.filter(isCause);
  const counted = await steadyOnes(touched, { wanted: sides.target, suspects, predicted, shape, options });
  const differences = [...counted, ...unwritable(suspects, counted)].map((found) => explain(live, found));
  return { outOfSync: differences.length > 0, differences, predicted };
}

/** What was applied on behalf of the source, as far as a sync goes by it. */
function ownedBySource(live: KubeObject, { manager, apply = 'takeover' }: CompareOptions): FieldSet {
  if (apply !== 'server-side') return ownedFields(live, manager);
  return unionOf((live.metadata.managedFields ?? []).filter((entry) => isOurApply(entry, manager)));
}

/** A client-side apply goes by its note of what was applied, whoever owns that by now: what left it goes. */
function notedAlike({ target, live }: Sides, { apply }: CompareOptions): boolean {
  const note = apply === 'client-side' ? annotation(live, lastApplied) : undefined;
  if (note === undefined) return true;
  try {
    return deepEqual(normalize(parseJson(note) as KubeObject), normalize(target));
  } catch {
    return true;
  }
}

/** No webhook, but the patch of a client-side apply takes fields away. */
function isTakenAway({ target }: Found, { apply }: CompareOptions): boolean {
  return apply === 'client-side' && target === undefined;
}

/** What a sync would leave; undefined where nobody can tell, and only other spellings of the same are in question. */
async function predictedState(
  target: KubeObject,
  suspects: readonly Found[],
  options: CompareOptions,
): Promise<KubeObject | undefined> {
  let answer: KubeObject;
  try {
    answer = await options.predict();
  } catch (error) {
    if (suspects.every(({ target, live }) => sameMeaning(target, live, { strict: true }))) return undefined;
    if (!options.guess) throw error;
    return options.guess(error, suspects);
  }
  return afterMigration(answer, target, options);
}

function touches({ path }: Found, suspects: readonly Found[]): boolean {
  return suspects.some((suspect) => overlap(path, suspect.path));
}

/**
 * The changes without those in which the server contradicts itself: where an apply would not lead to the target's value, a
 * webhook decides, and one that decides otherwise each time (a time, a random value) says nothing about the live object.
 */
async function steadyOnes(
  changes: readonly Found[],
  context: {
    wanted: KubeObject;
    suspects: readonly Found[];
    predicted: KubeObject;
    shape: FieldSet;
    options: CompareOptions;
  },
): Promise<readonly Found[]> {
  const { wanted, suspects, predicted, shape, options } = context;
  const isOverruled = ({ path, target }: Found) =>
    target !== undefined &&
    suspects.some((suspect) => overlap(suspect.path, path) && !sameMeaning(suspect.target, target));
  if (!changes.some(isOverruled)) return changes;
  const again = await predictedState(wanted, suspects, options);
  if (!again) return changes;
  const unsteady = objectDifferences(normalize(predicted), normalize(again), shape);
  return changes.filter((change) => !touches(change, unsteady));
}

/** A status that counts and that no apply can write: it differs although the server would change nothing. */
function unwritable(suspects: readonly Found[], counted: readonly Found[]): Found[] {
  return suspects.filter(({ path }) => path[0] === 'status' && !counted.some((found) => overlap(found.path, path)));
}

/** The prediction without the fields that only client-side applies own: a sync takes them over, and they go. */
async function afterMigration(
  predicted: KubeObject,
  target: KubeObject,
  { manager, complete, apply = 'takeover' }: CompareOptions,
): Promise<KubeObject> {
  const stale = apply === 'takeover' ? staleFields(predicted, manager) : {};
  if (Object.keys(stale).length === 0) return predicted;
  const reduced = removeFields(predicted, stale, target);
  const completed = complete ? await complete(reduced) : reduced;
  return completed ?? withoutSure(predicted, reduced);
}

/** Where nobody tells the defaults: what looks like one stays. */
function withoutSure(predicted: KubeObject, reduced: KubeObject): KubeObject {
  const gone = objectDifferences(reduced, predicted, shapeOf(predicted));
  return deletePaths(
    predicted,
    gone.flatMap(({ path, target, live }) =>
      target === undefined && !looksLikeDefault(predicted, path, live) ? [path] : [],
    ),
  );
}

/** Both sides as they are compared: without what rules and settings leave out. */
export async function prepare(
  sides: Sides,
  options: Pick<CompareOptions, 'rules' | 'dropSelected' | keyof NormalizeOptions>,
): Promise<Sides> {
  const dropped = dropIgnored(sides, options.rules);
  const { target, live } = options.dropSelected ? await options.dropSelected(dropped) : dropped;
  return { target: normalize(target, options), live: normalize(live, options) };
}
