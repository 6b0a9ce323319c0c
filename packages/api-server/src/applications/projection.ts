/** Field names of one level; an empty map stands for "the whole value". */
interface FieldTree extends Map<string, FieldTree> {}

/** Keeps or drops the fields of a value. */
export type Projection = (value: unknown) => unknown;

function treeOf(paths: string[]): FieldTree {
  const root: FieldTree = new Map();
  for (const path of paths) {
    let level = root;
    for (const name of path.split('.')) {
      const next = level.get(name) ?? new Map();
      level.set(name, next);
      level = next;
    }
  }
  return root;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function keep(value: unknown, tree: FieldTree): unknown {
  if (tree.size === 0) return value;
  if (Array.isArray(value)) return value.map((item) => keep(item, tree));
  if (!isObject(value)) return undefined;
  const kept: [string, unknown][] = [];
  for (const [name, below] of tree) {
    const member = Object.hasOwn(value, name) ? keep(value[name], below) : undefined;
    if (member !== undefined) kept.push([name, member]);
  }
  return Object.fromEntries(kept);
}

function drop(value: unknown, tree: FieldTree): unknown {
  if (Array.isArray(value)) return value.map((item) => drop(item, tree));
  if (!isObject(value)) return value;
  const members = Object.entries(value).flatMap(([name, member]): [string, unknown][] => {
    const below = tree.get(name);
    if (!below) return [[name, member]];
    return below.size === 0 ? [] : [[name, drop(member, below)]];
  });
  return Object.fromEntries(members);
}

/**
 * The `fields` parameter (reference §8.1): a comma list of dotted paths to keep; with a leading `-`, to drop. A path goes
 * through lists: `items.metadata.name`. A path below a kept one does not narrow it. `undefined` or empty keeps everything.
 */
export function projection(fields: string | undefined): Projection {
  const paths = (fields ?? '')
    .split(',')
    .map((path) => path.trim())
    .filter((path) => path !== '');
  if (paths.length === 0) return (value) => value;
  const dropping = paths[0]?.startsWith('-');
  const names = paths.map((path) => path.replace(/^-/, ''));
  const tops = names.filter((path) => !names.some((other) => path.startsWith(`${other}.`)));
  const tree = treeOf(tops);
  return dropping ? (value) => drop(value, tree) : (value) => keep(value, tree);
}

/** Paths of `fields` for a stream begin at the frame. */
export function frameProjection(fields: unknown): Projection {
  return projection(typeof fields === 'string' ? fields.replace(/(^|,)(-?)result\./g, '$1$2') : undefined);
}

const shared = new Map<string, Projection>();
const maxShared = 100;

/** A {@link projection} that many callers ask of the same objects: it gives the same result object for the same object. */
export function sharedProjection(fields: string | undefined): Projection {
  if (!fields) return (value) => value;
  const kept = shared.get(fields);
  if (kept) return kept;
  const project = projection(fields);
  const results = new WeakMap<object, unknown>();
  const made: Projection = (value) => {
    if (typeof value !== 'object' || value === null) return project(value);
    if (!results.has(value)) results.set(value, project(value));
    return results.get(value);
  };
  if (shared.size >= maxShared) shared.clear();
  shared.set(fields, made);
  return made;
}
