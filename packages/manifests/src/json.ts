/** Where a value begins that may be a whole number beyond 2^53: 16 digits or more outside a longer word. */
const longNumber = /(?:^|[:[,\s])-?\d{16}/;
const wholeNumber = /^-?\d+$/;
const int64Min = -(2n ** 63n);
const int64Max = 2n ** 63n - 1n;

type SourceReviver = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;
/** `JSON` with the source text access that Node has and TypeScript's ES2024 does not know. */
const { parse: parseWithSource, rawJSON } = JSON as unknown as {
  parse(text: string, reviver: SourceReviver): unknown;
  rawJSON(text: string): unknown;
};

/**
 * The value of a decimal whole number as Kubernetes reads it: a number where that is exact, a bigint within the other
 * 64-bit values, the nearest floating-point number beyond them.
 */
export function wholeNumberOf(value: bigint): number | bigint {
  const number = Number(value);
  if (Number.isSafeInteger(number)) return number;
  return value >= int64Min && value <= int64Max ? value : number;
}

const keepWholeNumbers: SourceReviver = (_key, value, { source }) =>
  typeof value === 'number' && !Number.isSafeInteger(value) && source !== undefined && wholeNumber.test(source)
    ? wholeNumberOf(BigInt(source))
    : value;

/**
 * `JSON.parse` that keeps whole numbers of 64 bits: what a number cannot hold exactly becomes a bigint. Costs no more
 * than `JSON.parse` where the text has no number of 16 digits.
 *
 * @throws SyntaxError whose message may quote the text: do not show it for input that may hold a secret.
 */
export function parseJson(text: string): unknown {
  return longNumber.test(text) ? parseWithSource(text, keepWholeNumbers) : JSON.parse(text);
}

/** The inverse of {@link parseJson}: bigints are written as numbers. `undefined` members are left out. */
export function stringifyJson(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(
      value,
      (_key, member) => (typeof member === 'bigint' ? rawJSON(String(member)) : member),
      indent,
    );
  }
}
