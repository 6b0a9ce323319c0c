/** More nodes than the largest manifests have, few enough to hold in memory. */
const maxNodes = 1_000_000;
/** What the texts of all nodes may be together when they are written, keys included. */
const maxCharacters = 64 * 1024 * 1024;

/** Copies plain data so that no two places share an object. */
interface Unshare {
  /** @throws RangeError where a value contains itself or the copies so far are too many or too long. */
  copy(value: unknown): unknown;
}

/** For the documents of one stream, which share one limit: a small text must not become a large one by its aliases. */
export function createUnshare(): Unshare {
  const open = new Set<object>();
  let nodes = 0;
  let characters = 0;

  const weigh = (text: string): void => {
    characters += text.length;
    if (characters > maxCharacters)
      throw new RangeError(`aliases write the document out to more than ${maxCharacters} characters`);
  };
  const copy = (node: unknown): unknown => {
    nodes += 1;
    if (nodes > maxNodes) throw new RangeError(`aliases write the document out to more than ${maxNodes} values`);
    if (typeof node === 'string') weigh(node);
    if (node === null || typeof node !== 'object') return node;
    if (open.has(node)) throw new RangeError('an anchor contains itself');
    open.add(node);
    const made = Array.isArray(node) ? node.map(copy) : Object.fromEntries(Object.entries(node).map(member));
    open.delete(node);
    return made;
  };
  const member = ([key, value]: [string, unknown]): [string, unknown] => {
    weigh(key);
    return [key, copy(value)];
  };
  return { copy };
}
