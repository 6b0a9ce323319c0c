import { groupOf, type JsonValue, type KubeObject } from '@plumbline/manifests';
import { entrySet, type FieldSet, keyNames, memberSet, shapeOf } from './field-set.ts';
import type { IgnoreRuleSpec } from './ignore-rules.ts';
import { formatPointer, isRecord } from './json-pointer.ts';

/**
 * The narrowest `ignoreDifferences` rule for one field of one object: a JSON pointer, or, where the way leads through a list
 * with keys, a jq path that names the entries instead of counting them.
 */
export function narrowestRule(
  live: KubeObject,
  { path, target }: { path: readonly string[]; target?: JsonValue | undefined },
): IgnoreRuleSpec {
  const { name, namespace } = live.metadata;
  const group = groupOf(live);
  const where = jqPath(live, path, shapeOf(live));
  const pointers = isRecord(target) && isOpenMap(path) ? Object.keys(target).map((key) => [...path, key]) : [path];
  return {
    ...(group ? { group } : {}),
    kind: live.kind,
    ...(name ? { name } : {}),
    ...(namespace ? { namespace } : {}),
    ...(where === undefined ? { jsonPointers: pointers.map(formatPointer) } : { jqPathExpressions: [where] }),
  };
}

/** Maps whose members have nothing to do with each other: one that is gone as a whole is ignored member by member. */
function isOpenMap(path: readonly string[]): boolean {
  const [first, second] = path;
  if (path.length === 1) return first === 'data' || first === 'binaryData';
  return path.length === 2 && first === 'metadata' && (second === 'labels' || second === 'annotations');
}

/** Undefined where no list with keys is on the way. */
function jqPath(root: unknown, path: readonly string[], shape: FieldSet): string | undefined {
  let [value, fields] = [root, shape];
  let expression = '';
  let keyed = false;
  for (const part of path) {
    if (Array.isArray(value)) {
      const names = keyNames(fields);
      const keys = part.startsWith('[') ? labelled(part) : entryKeys(value[Number(part)], names);
      expression += keys ? `[] | select(${keys})` : `[${part}]`;
      keyed ||= keys !== undefined;
      const entry: unknown = value[Number(part)];
      [value, fields] = [entry, entrySet(fields, entry)];
    } else {
      expression += expression.endsWith(')') ? ` | ${member(part)}` : member(part);
      [value, fields] = [isRecord(value) ? value[part] : undefined, memberSet(fields, part)];
    }
  }
  return keyed ? expression : undefined;
}

function member(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? `.${name}` : `.[${JSON.stringify(name)}]`;
}

function entryKeys(entry: unknown, names: readonly string[] | undefined): string | undefined {
  if (!names || !isRecord(entry)) return undefined;
  const given = names.filter((name) => entry[name] !== undefined);
  return given.length === 0
    ? undefined
    : given.map((name) => `${member(name)} == ${JSON.stringify(entry[name])}`).join(' and ');
}

/** `[name=x,protocol=]` as a condition; numbers and texts alike. */
function labelled(label: string): string {
  const parts = label.slice(1, -1).split(',');
  const given = parts.map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)] as const);
  return given
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `(${member(name)} | tostring) == ${JSON.stringify(value)}`)
    .join(' and ');
}
