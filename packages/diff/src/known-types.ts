import { groupOf, type KubeObject } from '@plumbline/manifests';
import { isRecord } from './json-pointer.ts';
import { canonicalQuantity } from './quantity.ts';

/** A field of a custom resource whose type is known (argocd-cm `knownTypeFields`, reference §3.2). */
export interface KnownTypeField {
  group: string;
  kind: string;
  /** Names from the root, joined by dots; lists on the way are gone through. */
  field: string;
  /** `core/Quantity`, `meta/v1/Duration`, or a type of core/v1 such as `core/v1/PodSpec`. */
  type: string;
}

/** Known without any settings: the pods of Argo Rollouts. */
const builtIn: readonly KnownTypeField[] = [
  { group: 'argoproj.io', kind: 'Rollout', field: 'spec.template.spec', type: 'core/v1/PodSpec' },
];

/** One spelling for all spellings of the values in fields of known types. */
export function normalizeKnownTypes(object: KubeObject, settings: readonly KnownTypeField[] = []): KubeObject {
  const group = groupOf(object);
  const fields = [...builtIn, ...settings].filter((known) => known.group === group && known.kind === object.kind);
  return fields.reduce((result, { field, type }) => changeAt(result, field.split('.'), normalizerOf(type)), object);
}

type Normalizer = (value: unknown) => unknown;

function normalizerOf(type: string): Normalizer {
  switch (type.toLowerCase()) {
    case 'core/quantity':
      return (value) => canonicalQuantity(value) ?? value;
    case 'meta/v1/duration':
      return (value) => canonicalDuration(value) ?? value;
    default:
      return normalizeTyped;
  }
}

function changeAt<T>(value: T, path: readonly string[], change: Normalizer): T {
  const [head, ...rest] = path;
  if (head === undefined) return change(value) as T;
  if (Array.isArray(value)) return value.map((item) => changeAt(item as unknown, path, change)) as T;
  if (!isRecord(value) || value[head] === undefined) return value;
  return { ...value, [head]: changeAt(value[head] as unknown, rest, change) } as T;
}

/** Members of core/v1 types that are quantities, or maps of them. */
const quantities = new Set([
  'limits',
  'requests',
  'capacity',
  'allocatable',
  'hard',
  'overhead',
  'sizeLimit',
  'divisor',
]);
/** Lists and maps of core/v1 types mean the same empty as missing; these objects do not. */
const meaningful = new Set(['emptyDir', 'securityContext', 'podAntiAffinity', 'nodeAffinity']);

/** A value of a core/v1 type: quantities in one spelling, nulls and empty lists and maps left out. */
function normalizeTyped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalizeTyped);
  if (!isRecord(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, normalizeMember(name, member)] as const);
  return Object.fromEntries(members.filter(([name, member]) => !isNothing(member) || meaningful.has(name)));
}

function normalizeMember(name: string, member: unknown): unknown {
  if (!quantities.has(name)) return normalizeTyped(member);
  if (!isRecord(member)) return canonicalQuantity(member) ?? member;
  return Object.fromEntries(Object.entries(member).map(([key, item]) => [key, canonicalQuantity(item) ?? item]));
}

function isNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === '') return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}

const durationUnits: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 6e10,
  h: 3.6e12,
};

/** A Go duration as nanoseconds, `90s` and `1m30s` alike; undefined where it is none. */
export function canonicalDuration(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^[+-]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/.test(value)) return undefined;
  const parts = [...value.matchAll(/(\d+(?:\.\d*)?)(ns|us|µs|ms|s|m|h)/g)];
  const total = parts.reduce(
    (sum, [, amount = '0', unit = 's']) => sum + Number(amount) * (durationUnits[unit] ?? 1),
    0,
  );
  return `${value.startsWith('-') ? '-' : ''}${Math.round(total)}ns`;
}
