/** A step of a path in jq's notation: a member, an entry of a list, or all entries. */
export type PathStep = string | number | { all: true };

const step = /^(?:\.?\[\]|\.?\[(\d+)\]|\.?\["((?:[^"\\]|\\.)*)"\]|\."((?:[^"\\]|\\.)*)"|\.([A-Za-z_][A-Za-z0-9_]*))\??/;

/** Steps of an expression that is nothing but a path, such as `.spec.a[]."b/c"`; undefined: it is more than that. */
export function parsePlainPath(expression: string): PathStep[][] | undefined {
  const steps: PathStep[] = [];
  let rest = expression.trim();
  while (rest !== '') {
    const found = step.exec(rest);
    if (!found) return undefined;
    const [whole, index, bracketed, quoted, name] = found;
    const text = bracketed ?? quoted;
    if (index !== undefined) steps.push(Number(index));
    else if (text !== undefined) steps.push(text.replace(/\\(.)/g, '$1'));
    else steps.push(name ?? { all: true });
    rest = rest.slice(whole.length);
  }
  return steps.length > 0 ? [steps] : undefined;
}

/** The places in a value that a path leads to. */
export function pathsOf(value: unknown, [first, ...rest]: readonly PathStep[]): (string | number)[][] {
  if (first === undefined) return [[]];
  if (typeof value !== 'object' || value === null) return [];
  const members = value as Record<string | number, unknown>;
  const names = typeof first === 'object' ? Object.keys(members) : [first];
  return names.flatMap((name) =>
    members[name] === undefined ? [] : pathsOf(members[name], rest).map((path) => [name, ...path]),
  );
}
