/** More nodes than the largest manifests have, few enough to hold in memory. */
const maxNodes = 1_000_000;

/**
 * A copy of plain data in which no two places share an object, so that a document with aliases is like any other.
 *
 * @throws RangeError where a value contains itself or the copy would have more than a million nodes.
 */
export function unshare(value: unknown): unknown {
  const open = new Set<object>();
  let nodes = 0;
  const copy = (node: unknown): unknown => {
    nodes += 1;
    if (nodes > maxNodes) throw new RangeError(`aliases write the document out to more than ${maxNodes} values`);
    if (node === null || typeof node !== 'object') return node;
    if (open.has(node)) throw new RangeError('an anchor contains itself');
    open.add(node);
    const made = Array.isArray(node)
      ? node.map(copy)
      : Object.fromEntries(Object.entries(node).map(([key, member]) => [key, copy(member)]));
    open.delete(node);
    return made;
  };
  return copy(value);
}
