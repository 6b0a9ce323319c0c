const units: [string, number][] = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
];

/** The time since an RFC 3339 instant in at most two units: `3d4h`, `12s`. Empty where it is not known. */
export function age(instant: string | undefined, now: Date): string {
  const start = Date.parse(instant ?? '');
  if (Number.isNaN(start)) return '';
  let left = Math.max(0, Math.floor((now.getTime() - start) / 1000));
  const parts: string[] = [];
  for (const [unit, seconds] of units) {
    const count = Math.floor(left / seconds);
    left %= seconds;
    if (count > 0) parts.push(`${count}${unit}`);
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
  }
  return parts.join('') || '0s';
}
