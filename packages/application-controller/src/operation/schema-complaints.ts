import type { KubeObject } from '@plumbline/manifests';

/** One step of a path in the words of the API server: a member, or a list entry by its key fields or its position. */
type Segment = { member: string } | { key: ReadonlyMap<string, unknown> } | { index: number };

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

/** Entries that leave a key field to its default count where those that spell it out are not several. */
function keepLast(list: unknown[], entry: Segment): unknown[] {
  const exactly = list.filter((item) => isEntry(item, entry));
  const same = new Set(exactly.length > 1 ? exactly : list.filter((item) => mayBeEntry(item, entry)));
  const last = list.findLastIndex((item) => same.has(item));
  return list.filter((item, index) => index === last || !same.has(item));
}

function change(value: unknown, path: readonly Segment[], mend: (value: unknown) => unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return mend(value);
  if (!('member' in head)) {
    if (!Array.isArray(value)) return value;
    const isIt = (item: unknown, at: number) => ('index' in head ? at === head.index : mayBeEntry(item, head));
    return value.map((item: unknown, at) => (isIt(item, at) ? change(item, rest, mend) : item));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const { [head.member]: child, ...others } = value as Record<string, unknown>;
  const mended = change(child, rest, mend);
  return mended === undefined ? others : { ...(value as object), [head.member]: mended };
}

function isEntry(item: unknown, segment: Segment): boolean {
  if (!('key' in segment) || typeof item !== 'object' || item === null) return false;
  return [...segment.key].every(([name, value]) => (item as Record<string, unknown>)[name] === value);
}

/** The server names key fields with their defaults; the entry may leave those out. */
function mayBeEntry(item: unknown, segment: Segment): boolean {
  if (!('key' in segment) || typeof item !== 'object' || item === null) return false;
  const given = [...segment.key].filter(([name]) => (item as Record<string, unknown>)[name] !== undefined);
  return given.length > 0 && isEntry(item, { key: new Map(given) });
}

/** `.spec.containers[name="web",port=80].x` → member, member, key, member. */
function segments(path: string): Segment[] {
  const found: Segment[] = [];
  for (const match of path.matchAll(/\.([^.[\]]+)|\[((?:[^\]"]|"(?:[^"\\]|\\.)*")*)\]/g)) {
    if (match[1] !== undefined) found.push({ member: match[1] });
    else if (/^\d+$/.test(match[2] ?? '')) found.push({ index: Number(match[2]) });
    else found.push({ key: keyFields(match[2] ?? '') });
  }
  return found;
}

function keyFields(text: string): Map<string, unknown> {
  const fields = [...text.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)];
  return new Map(fields.map(([, name = '', value = '']) => [name, JSON.parse(value) as unknown]));
}
