/** Billionths in one unit. */
const suffixes: Readonly<Record<string, bigint>> = {
  n: 1n,
  u: 1_000n,
  m: 1_000_000n,
  '': 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
  Ki: 10n ** 9n * 2n ** 10n,
  Mi: 10n ** 9n * 2n ** 20n,
  Gi: 10n ** 9n * 2n ** 30n,
  Ti: 10n ** 9n * 2n ** 40n,
  Pi: 10n ** 9n * 2n ** 50n,
  Ei: 10n ** 9n * 2n ** 60n,
};
const pattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE][+-]?\d{1,2})|([numkMGTPE]|[KMGTPE]i)?)$/;

/** A Kubernetes quantity (`500m`, `1.5Gi`, `2e3`, 1) in billionths, rounded up; undefined where it is none. */
function nanosOf(value: unknown): bigint | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return undefined;
  const match = pattern.exec(String(value).trim());
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent, suffix = ''] = match;
  if (whole === '' && fraction === '') return undefined;
  const power = exponent ? Number(exponent.slice(1)) : 0;
  const digits = BigInt(`${whole}${fraction}` || '0');
  const scale = 10n ** BigInt(fraction.length);
  const base = exponent ? 10n ** 9n : (suffixes[suffix] ?? 1n);
  const numerator = digits * base * 10n ** BigInt(Math.max(0, power));
  const denominator = scale * 10n ** BigInt(Math.max(0, -power));
  const nanos = (numerator + denominator - 1n) / denominator;
  return sign === '-' ? -nanos : nanos;
}

/** Whether two values are one quantity in two spellings, such as `1000m` and 1. */
export function sameQuantity(a: unknown, b: unknown): boolean {
  const [x, y] = [nanosOf(a), nanosOf(b)];
  return x !== undefined && x === y;
}

/** One spelling for all spellings of a quantity: a plain decimal number. */
export function canonicalQuantity(value: unknown): string | undefined {
  const nanos = nanosOf(value);
  if (nanos === undefined) return undefined;
  const text = String(nanos < 0n ? -nanos : nanos).padStart(10, '0');
  const decimal = `${text.slice(0, -9)}.${text.slice(-9)}`.replace(/\.?0+$/, '');
  return nanos < 0n ? `-${decimal}` : decimal;
}
