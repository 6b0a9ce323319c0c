import type { KubeObject } from '@plumbline/manifests';

/** One step of a path in the words of the API server: a member, or a list entry by its key fields. */
type Segment = { member: string } | { key: ReadonlyMap<string, unknown> };

export interface SchemaComplaint {
  kind: 'undeclared' | 'duplicate';
  /** As the server writes it: `.spec.containers[name="web"].bogus`. */
  path: string;
  /** Of the duplicate entries: `[name="A"]`. */
  entry?: string;
}

/**
 * What a server-side apply was refused for although a client-side one goes through: fields that the kind's schema does
 * not declare, and list entries with equal keys. Empty where the refusal has other reasons as well.
 */
export function schemaComplaints(message: string): SchemaComplaint[] {
  const found = /^failed to create typed patch object \([^)]*\): ([\s\S]*)$/.exec(message)?.[1];
  if (found === undefined) return [];
  const lines = found
    .replace(/^errors:\n/, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const complaints = lines.map(complaintOf);
  return complaints.every((complaint) => complaint !== undefined) ? complaints : [];
}

function complaintOf(line: string): SchemaComplaint | undefined {
  const undeclared = /^(\..+): field not declared in schema$/.exec(line);
  if (undeclared?.[1]) return { kind: 'undeclared', path: undeclared[1] };
  const duplicate = /^(\..+): duplicate entries for key (\[.+\])$/.exec(line);
  return duplicate?.[1] && duplicate[2] ? { kind: 'duplicate', path: duplicate[1], entry: duplicate[2] } : undefined;
}

/** The object without what the complaint is about; of duplicate entries the last stays, as kubelets read them. */
export function withoutComplaint(object: KubeObject, complaint: SchemaComplaint): KubeObject {
  const path = segments(complaint.path);
  if (complaint.kind === 'undeclared') return change(object, path, () => undefined) as KubeObject;
  const [entry] = segments(complaint.entry ?? '');
  return change(object, path, (list) => (Array.isArray(list) && entry ? keepLast(list, entry) : list)) as KubeObject;
}

function keepLast(list: unknown[], entry: Segment): unknown[] {
  const last = list.findLastIndex((item) => isEntry(item, entry));
  return list.filter((item, index) => index === last || !isEntry(item, entry));
}

function change(value: unknown, path: readonly Segment[], mend: (value: unknown) => unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return mend(value);
  if ('key' in head) {
    return Array.isArray(value) ? value.map((item) => (isEntry(item, head) ? change(item, rest, mend) : item)) : value;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { [head.member]: child, ...others } = value as Record<string, unknown>;
  const mended = change(child, rest, mend);
  return mended === undefined ? others : { ...(value as object), [head.member]: mended };
}

function isEntry(item: unknown, segment: Segment): boolean {
  if ('member' in segment || typeof item !== 'object' || item === null) return false;
  return [...segment.key].every(([name, value]) => (item as Record<string, unknown>)[name] === value);
}

/** `.spec.containers[name="web",port=80].x` → member, member, key, member. */
function segments(path: string): Segment[] {
  const found: Segment[] = [];
  for (const match of path.matchAll(/\.([^.[\]]+)|\[((?:[^\]"]|"(?:[^"\\]|\\.)*")*)\]/g)) {
    if (match[1] !== undefined) found.push({ member: match[1] });
    else found.push({ key: keyFields(match[2] ?? '') });
  }
  return found;
}

function keyFields(text: string): Map<string, unknown> {
  const fields = [...text.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)];
  return new Map(fields.map(([, name = '', value = '']) => [name, JSON.parse(value) as unknown]));
}
