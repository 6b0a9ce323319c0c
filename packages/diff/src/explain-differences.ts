import type { JsonValue, KubeObject, ManagedFieldsEntry } from '@plumbline/manifests';
import { extraFields } from './extra-fields.ts';
import { type Found, fieldDifferences } from './field-differences.ts';
import { ownedFields, shapeOf, uniteFields } from './field-set.ts';
import type { IgnoreRuleSpec, Sides } from './ignore-rules.ts';
import { formatPointer, parsePointer, valueAt } from './json-pointer.ts';
import { holdersOf, isHuman, ourApply, writeSinceOurs } from './managers.ts';
import { narrowestRule } from './narrowest-rule.ts';
import { sameMeaning } from './normal-forms.ts';
import { overlap } from './pair-entries.ts';
import { looksLikeDefault } from './server-defaults.ts';
import type { FieldDifference, ResourceComparison } from './types.ts';

/**
 * Who is behind a differing field. `source`: the source has changed since the last sync; `default`: the API server filled it in;
 * `webhook-or-controller`: admission or a controller made it so, at no field of ours or as often as we apply; `rival-manager`:
 * another program writes a field that the source sets; `human-edit`: a person did, by hand; `normal-form`: another
 * spelling or order of the same; `stale-owner`: left behind by a client-side apply that nobody has repeated since.
 */
export const differenceClasses = [
  'source',
  'default',
  'webhook-or-controller',
  'rival-manager',
  'human-edit',
  'normal-form',
  'stale-owner',
] as const;
export type DifferenceClass = (typeof differenceClasses)[number];

/** A differing field with its cause. */
export interface ExplainedDifference extends FieldDifference {
  class: DifferenceClass;
  /** Whether it makes the object OutOfSync. */
  counts: boolean;
  /** The narrowest rule that would silence it, for `spec.ignoreDifferences`; only where it counts and is not our source's. */
  rule?: IgnoreRuleSpec;
}

export interface ExplainRequest {
  /** Both sides as they are compared: ignored fields are gone, the live side's metadata is whole. */
  prepared: Sides;
  /** The live object with its managedFields. */
  live: KubeObject;
  comparison: ResourceComparison;
  /** Our field manager. */
  manager: string;
}

/** Every field in which target and live differ, those that do not count included, with who is behind it. */
export function explainDifferences(request: ExplainRequest): ExplainedDifference[] {
  const { prepared, comparison } = request;
  const counted = explainCounted(request);
  const known = comparison.differences.map(({ path }) => parsePointer(path));
  const beside = (others: readonly string[][], items: Found[]) =>
    items.filter(({ path }) => !others.some((other) => overlap(other, path)));
  const settled = beside(known, suspectsOf(request));
  const told = [...known, ...settled.map(({ path }) => path)];
  const extra = beside(told, extraFields(prepared, shapeOf(request.live)));
  return [
    ...counted,
    ...settled.map((found) => described(request, found, { class: settledClass(request, found), counts: false })),
    ...extra.map((found) => described(request, found, { class: extraClass(request, found), counts: false })),
  ];
}

/** Only the fields that make the object OutOfSync. */
export function explainCounted(request: Omit<ExplainRequest, 'prepared'>): ExplainedDifference[] {
  return request.comparison.differences.map((difference) => {
    const found = { ...difference, path: parsePointer(difference.path) };
    const cause = countedClass(request, found);
    return described(request, found, { class: cause, counts: true });
  });
}

function suspectsOf({ prepared, live, comparison, manager }: ExplainRequest): Found[] {
  const sides = comparison.predicted ? [live, comparison.predicted] : [live];
  const owned = sides.map((side) => ownedFields(side, manager)).reduce(uniteFields);
  return fieldDifferences(prepared.target, prepared.live, { owned, shape: shapeOf(...sides) });
}

function described(
  { live, manager, comparison }: Omit<ExplainRequest, 'prepared'>,
  { path, target, live: value }: Found,
  verdict: { class: DifferenceClass; counts: boolean },
): ExplainedDifference {
  const writer = writerOf(live, path, { manager, orAtOnce: comparison.settled === true, ...verdict });
  const silences = verdict.counts && verdict.class !== 'source' && verdict.class !== 'stale-owner';
  return {
    path: formatPointer(path),
    target,
    live: value,
    ...(writer?.manager ? { manager: writer.manager } : {}),
    ...(writer?.time ? { time: writer.time } : {}),
    ...verdict,
    ...(silences ? { rule: narrowestRule(live, { path, target }) } : {}),
  };
}

function writerOf(
  live: KubeObject,
  path: readonly string[],
  { manager, class: cause, orAtOnce }: { manager: string; class: DifferenceClass; orAtOnce: boolean },
) {
  const { ours, clientSide, others } = holdersOf(live, path, manager);
  const foreign = cause === 'human-edit' || cause === 'rival-manager';
  if (foreign && others.length === 0 && !clientSide) return writeSinceOurs(live, manager, { orAtOnce });
  return cause === 'webhook-or-controller' ? others[0] : (others[0] ?? clientSide ?? ours);
}

/** The cause of a difference that the server confirms. */
function countedClass(
  { live, comparison, manager }: Omit<ExplainRequest, 'prepared'>,
  { path, target, live: value }: Found,
): DifferenceClass {
  const { ours, clientSide, others } = holdersOf(live, path, manager);
  if (target === undefined && ours) return 'source';
  if (target === undefined && clientSide && others.length === 0) return 'stale-owner';
  const [rival] = others;
  if (rival) return isSpelledOtherwise(target, value) ? 'normal-form' : doingOf(rival);
  if (clientSide && !ours) {
    const isOurs = clientSide.manager === manager || !ourApply(live, manager);
    return isOurs ? 'source' : 'human-edit';
  }
  const { settled = false, predicted } = comparison;
  const since = ours && !settled ? undefined : writeSinceOurs(live, manager, { orAtOnce: settled });
  if (since) return doingOf(since);
  const left = predicted && valueAt(predicted, path);
  if (left !== undefined && !sameMeaning(left, target)) return 'webhook-or-controller';
  // Taking a field away leaves no trace in managedFields; controllers mostly set others as they do so.
  return settled ? 'human-edit' : 'source';
}

function doingOf({ manager = '' }: ManagedFieldsEntry): DifferenceClass {
  return isHuman(manager) ? 'human-edit' : 'rival-manager';
}

function isSpelledOtherwise(target: JsonValue | undefined, live: JsonValue | undefined): boolean {
  return target !== undefined && live !== undefined && sameMeaning(target, live);
}

/** The cause of a difference that an apply would not change. */
function settledClass(request: ExplainRequest, found: Found): DifferenceClass {
  const { target, live } = found;
  if (target === undefined) return extraClass(request, found);
  if (sameMeaning(target, live)) return 'normal-form';
  if (target === null || isEmpty(target)) return 'default';
  // What the server does not know it drops; but it knows all metadata.
  return live === undefined && found.path[0] !== 'metadata' ? 'normal-form' : 'webhook-or-controller';
}

function isEmpty(value: JsonValue | undefined): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** The cause of a live field that the target does not have. */
function extraClass({ live, manager }: ExplainRequest, { path, live: value }: Found): DifferenceClass {
  const { ours, others, clientSide } = holdersOf(live, path, manager);
  const [writer] = others;
  if (writer) return isHuman(writer.manager ?? '') ? 'human-edit' : 'webhook-or-controller';
  if (clientSide) return 'stale-owner';
  // What is ours without being in the target lies in a list that is owned in one piece.
  return ours || looksLikeDefault(live, path, value) ? 'default' : 'webhook-or-controller';
}
