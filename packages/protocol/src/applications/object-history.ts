import { z } from 'zod';
import { onApplication } from '../access.ts';
import { applicationQuerySchema } from './applications.ts';

/** What operations did to one object. */
const objectActions = ['apply', 'prune', 'hand-over'] as const;
type ObjectAction = (typeof objectActions)[number];

/** One write of an operation as it is kept with the Application. */
export interface KeptWrite {
  group: string;
  kind: string;
  namespace: string;
  name: string;
  action: ObjectAction;
  /** Digests of the object, without status; absent where there was none. */
  before?: string;
  after?: string;
  error?: string;
}

/** The writes of one operation. `more`: so many were not kept singly. */
export interface KeptOperation {
  startedAt: string;
  writes: readonly KeptWrite[];
  more: number;
}

/** By start, `group/kind/namespace` → name → `a<before> <after>`, and how many more: names and places are told once. */
const keptSchema = z.array(z.tuple([z.string(), z.record(z.string(), z.record(z.string(), z.string())), z.number()]));
type Kept = z.infer<typeof keptSchema>;

const letters: Readonly<Record<ObjectAction, string>> = { apply: 'a', prune: 'p', 'hand-over': 'h' };
const digestLength = 8;
const errorLength = 80;
/** Of the whole annotation, characters. */
export const objectHistoryLimit = 8_192;

/** The value of the annotation `plumbline.dev/writes`: the newest operations that fit; the oldest are left out. */
export function objectHistoryText(operations: readonly KeptOperation[]): string {
  let size = 2;
  const kept: Kept = [];
  for (const operation of [...operations].reverse()) {
    const entry = packed(operation, objectHistoryLimit - size - 2);
    const length = JSON.stringify(entry).length + 1;
    if (size + length > objectHistoryLimit) break;
    size += length;
    kept.unshift(entry);
  }
  return JSON.stringify(kept);
}

/** As many writes as have room, the others counted. */
function packed({ startedAt, writes, more }: KeptOperation, room: number): Kept[number] {
  const places: Record<string, Record<string, string>> = {};
  let left = room - startedAt.length - 20;
  let told = 0;
  for (const write of writes) {
    const place = `${write.group}/${write.kind}/${write.namespace}`;
    const text = packedWrite(write);
    left -= write.name.length + text.length + 6 + (places[place] ? 0 : place.length + 6);
    if (left < 0) break;
    places[place] = { ...places[place], [write.name]: text };
    told += 1;
  }
  return [startedAt, places, more + writes.length - told];
}

function packedWrite({ action, before, after, error }: KeptWrite): string {
  const [from, to] = [before, after].map((digest) => digest?.slice(0, digestLength) || '-');
  return `${letters[action]}${from} ${to}${error ? ` !${error.slice(0, errorLength)}` : ''}`;
}

/** Reads {@link objectHistoryText}; what cannot be read is empty. */
export function readObjectHistory(text: string | undefined): KeptOperation[] {
  const parsed = keptSchema.safeParse(jsonOf(text));
  if (!parsed.success) return [];
  return parsed.data.map(([startedAt, places, more]) => ({
    startedAt,
    more,
    writes: Object.entries(places).flatMap(([place, names]) => {
      const [group = '', kind = '', namespace = ''] = place.split('/');
      return Object.entries(names).map(([name, write]) => ({ group, kind, namespace, name, ...unpacked(write) }));
    }),
  }));
}

function unpacked(text: string): Pick<KeptWrite, 'action' | 'before' | 'after' | 'error'> {
  const [, letter, before, after, error] = /^([aph])(\S+) (\S+)(?: !(.*))?$/s.exec(text) ?? [];
  const action = objectActions.find((name) => letters[name] === letter) ?? 'apply';
  return {
    action,
    ...(before && before !== '-' ? { before } : {}),
    ...(after && after !== '-' ? { after } : {}),
    ...(error ? { error } : {}),
  };
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
}

/** One operation in the history of an object. */
const entrySchema = z.object({
  startedAt: z.string(),
  finishedAt: z.string().optional(),
  /** The user, or `automation`. */
  by: z.string().optional(),
  info: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
  revisions: z.array(z.string()).optional(),
  phase: z.string().optional(),
  /** The hash of the plan that ran. */
  plan: z.string().optional(),
  approvedBy: z.string().optional(),
  /** Absent: single writes of the operation were not all kept, and this may have been among them. */
  action: z.enum(objectActions).optional(),
  before: z.string().optional(),
  after: z.string().optional(),
  error: z.string().optional(),
});
export type ObjectHistoryEntry = z.infer<typeof entrySchema>;

export const objectHistorySchema = z.object({ entries: z.array(entrySchema) });

export const objectHistoryRoutes = {
  objectHistory: {
    access: onApplication('get'),
    method: 'GET',
    path: '/api/v1/applications/{name}/object-history',
    query: applicationQuerySchema.extend({
      group: z.string().optional(),
      kind: z.string(),
      namespace: z.string().optional(),
      resourceName: z.string(),
      /** RFC 3339: only what holds then, the last operation that had begun and wrote it. */
      at: z.string().optional(),
    }),
    response: objectHistorySchema,
  },
} as const;
