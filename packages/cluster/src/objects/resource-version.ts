const decimal = /^\d+$/;

/**
 * Whether `a` is a later resourceVersion than `b`. They are decimal numbers of one counter per kind of object; what is no such number is
 * never later, nor is anything later than it.
 */
export function isLater(a: string, b: string): boolean {
  if (a.length !== b.length) return a.length > b.length && decimal.test(a) && decimal.test(b);
  return a > b && decimal.test(a) && decimal.test(b);
}
