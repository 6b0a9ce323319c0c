import {
  binaryTag,
  boolYaml11Tag,
  DUMP_SCHEMA,
  defineScalarTag,
  mergeTag as explicitMergeTag,
  intYaml11Tag,
  mapTag,
  NOT_RESOLVED,
  nullYaml11Tag,
  type ScalarTagDefinition,
  Schema,
  seqTag,
  strTag,
} from 'js-yaml';
import { wholeNumberOf } from './json.ts';
import { mergingTags } from './merge-keys.ts';

const digits = [...'0123456789'];
const integer = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]?([0-7]+)|0[bB]([01]+)|(0|[1-9][0-9]*))$/;
const float = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const notFinite = /^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/;
const uint64Max = 2n ** 64n - 1n;

function unsigned(match: RegExpExecArray): bigint {
  const [, , hexadecimal, octal, binary, decimal] = match;
  if (hexadecimal !== undefined) return BigInt(`0x${hexadecimal}`);
  if (octal !== undefined) return BigInt(`0o${octal}`);
  if (binary !== undefined) return BigInt(`0b${binary}`);
  return BigInt(decimal ?? 0);
}

function resolveInteger(source: string): number | bigint | typeof NOT_RESOLVED {
  const match = integer.exec(source.replaceAll('_', ''));
  if (!match) return NOT_RESOLVED;
  const magnitude = unsigned(match);
  const fits = match[1] === '' ? magnitude <= uint64Max : magnitude <= 2n ** 63n;
  if (!fits) return NOT_RESOLVED;
  return wholeNumberOf(match[1] === '-' ? -magnitude : magnitude);
}

function resolveFloat(source: string, isExplicit: boolean): number | typeof NOT_RESOLVED {
  if (notFinite.test(source)) throw new RangeError(`${source} is no number that JSON can carry`);
  const plain = source.startsWith('.') ? source : source.replaceAll('_', '');
  if (float.test(plain)) {
    const value = Number(plain);
    return Number.isFinite(value) ? value + 0 : NOT_RESOLVED;
  }
  const whole = isExplicit ? resolveInteger(source) : NOT_RESOLVED;
  return whole === NOT_RESOLVED ? NOT_RESOLVED : Number(whole);
}

const intTag = defineScalarTag('tag:yaml.org,2002:int', {
  implicit: true,
  implicitFirstChars: ['-', '+', ...digits],
  resolve: resolveInteger,
  identify: () => false,
});

const floatTag = defineScalarTag('tag:yaml.org,2002:float', {
  implicit: true,
  implicitFirstChars: ['-', '+', '.', ...digits],
  resolve: resolveFloat,
  identify: () => false,
});

/** A tag that says nothing to Kubernetes: its text is taken as it is. */
const textTag = (tagName: string, matchByTagPrefix = true) =>
  defineScalarTag(tagName, { matchByTagPrefix, resolve: (source) => source, identify: () => false });

const binaryText = defineScalarTag('tag:yaml.org,2002:binary', {
  resolve: (source, isExplicit, tagName) => {
    const bytes = binaryTag.resolve(source, isExplicit, tagName);
    return bytes === NOT_RESOLVED ? NOT_RESOLVED : Buffer.from(bytes).toString('utf8');
  },
  identify: () => false,
});

/** js-yaml takes a null key for the text `null`, and gives a wrong place for an empty one: hence an error without place. */
function addPair(carrier: Record<string, unknown>, key: unknown, value: unknown): string {
  if (key === null) throw new RangeError('a mapping key is empty (null)');
  return mapTag.addPair(carrier, key, value);
}

const objectTag: typeof mapTag = { ...mapTag, addPair };

function schemaWith(mapping: typeof mapTag, sequence: typeof seqTag, more: ScalarTagDefinition[]): Schema {
  return new Schema([
    strTag,
    sequence,
    mapping,
    nullYaml11Tag,
    boolYaml11Tag,
    intTag,
    floatTag,
    ...more,
    binaryText,
    textTag('tag:yaml.org,2002:timestamp', false),
    ...['!', 'tag:'].flatMap((prefix) => [
      textTag(prefix),
      { ...sequence, tagName: prefix, matchByTagPrefix: true },
      { ...mapping, tagName: prefix, matchByTagPrefix: true },
    ]),
  ]);
}

const schemaWithoutMerge = schemaWith(objectTag, seqTag, []);

/**
 * YAML as Kubernetes reads it (sigs.k8s.io/yaml over goyaml v2): YAML 1.1 booleans for keys and values alike, `0644`
 * is 420, `1e3` is 1000, no base-60 numbers, timestamps stay text, `<<` merges, whole numbers of 64 bits keep their
 * value, unknown tags are passed over, `.inf` and `.nan` are errors. For one text: what may be merged in it is limited.
 */
export function kubernetesSchema(text: string): Schema {
  if (!text.includes('<<')) return schemaWithoutMerge;
  const { mappingTag, sequenceTag, mergeTag } = mergingTags(objectTag);
  return schemaWith(mappingTag, sequenceTag, [mergeTag, { ...explicitMergeTag, implicit: false }]);
}

/** Quotes every text that YAML 1.1 or 1.2 would read as something else; writes bigints as numbers. */
export const writingSchema: Schema = DUMP_SCHEMA.withTags({
  ...(DUMP_SCHEMA.tags.find((tag): tag is typeof intYaml11Tag => tag.tagName === intYaml11Tag.tagName) ?? intYaml11Tag),
  identify: (value: unknown) => typeof value === 'bigint' || intYaml11Tag.identify(value),
  represent: (value: unknown) => String(value),
});
