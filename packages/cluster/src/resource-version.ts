/**
 * Whether `a` is a later resourceVersion than `b`. They are decimal numbers of one counter per kind of object; what is no such number is
 * never later.
 */
export function isLater(a: string, b: string): boolean {
  return a.length === b.length ? a > b : a.length > b.length;
}
