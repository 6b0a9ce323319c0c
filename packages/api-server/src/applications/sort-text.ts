/** Order of texts by code units, as names are sorted in answers. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
