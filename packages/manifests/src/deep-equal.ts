function equalLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => deepEqual(item, b[index]));
}

function definedKeys(value: object): number {
  let count = 0;
  for (const member of Object.values(value)) if (member !== undefined) count += 1;
  return count;
}

function equalRecords(a: object, b: object): boolean {
  if (definedKeys(a) !== definedKeys(b)) return false;
  const other = b as Record<string, unknown>;
  return Object.entries(a).every(
    ([key, member]) => member === undefined || (Object.hasOwn(other, key) && deepEqual(member, other[key])),
  );
}

/** Whether two parsed values are the same: `5n` equals `5`, an `undefined` member equals none, order of keys is nothing. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a === 'object' && typeof b === 'object') {
    if (a === null || b === null) return false;
    if (Array.isArray(a)) return Array.isArray(b) && equalLists(a, b);
    return !Array.isArray(b) && equalRecords(a, b);
  }
  if (typeof a === 'bigint' && typeof b === 'number') return equalsNumber(a, b);
  if (typeof a === 'number' && typeof b === 'bigint') return equalsNumber(b, a);
  return false;
}

function equalsNumber(a: bigint, b: number): boolean {
  return Number.isInteger(b) && a === BigInt(b);
}
