const factors: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/**
 * The number that a Kubernetes quantity means: `500m` is 0.5, `1Ki` is 1024 (Kubernetes API conventions, resource
 * quantities). Undefined where it is none. Beyond 2^53 the nearest double.
 */
export function quantity(value: unknown): number | undefined {
  const [, digits, suffix = ''] =
    /^([+-]?(?:\d+\.?\d*|\.\d+))(n|u|m|k|[MGTPE]i?|Ki|[eE][+-]?\d+)?$/.exec(String(value)) ?? [];
  if (digits === undefined) return undefined;
  const exponent = /^[eE][+-]?\d+$/.test(suffix);
  return exponent ? Number(`${digits}${suffix}`) : Number(digits) * (factors[suffix] ?? 1);
}
