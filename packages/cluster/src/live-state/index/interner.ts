/** Enough for the kinds, versions, namespaces and applications of a large cluster. */
const most = 50_000;

/** Gives one string for many equal ones: parsing makes a new one for every object. */
export function createInterner(): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= most) known.clear();
    known.set(text, text);
    return text;
  };
}
