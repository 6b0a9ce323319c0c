/** One field that a change touches, as two lines of a diff. */
function line(path: string, before: unknown, after: unknown): string {
  const text = (sign: string, value: unknown): string =>
    value === undefined ? '' : `${sign} ${path}: ${JSON.stringify(value)}\n`;
  return text('-', before) + text('+', after);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The fields in which two values differ, as lines `- path: before` and `+ path: after`; empty where none do. */
export function changedFields(before: unknown, after: unknown, path = ''): string {
  if (JSON.stringify(before) === JSON.stringify(after)) return '';
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.map((key) => changedFields(before[key], after[key], path ? `${path}.${key}` : key)).join('');
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.map((item, index) => changedFields(item, after[index], `${path}[${index}]`)).join('');
  }
  return line(path, before, after);
}
