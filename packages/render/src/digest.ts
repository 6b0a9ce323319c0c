import { createHash } from 'node:crypto';
import type { SourceType, TracedInput } from './types.ts';

/** Raised when a change of this program changes what it renders from the same inputs. */
const format = 1;

/** JSON with sorted members; `undefined` members are left out; whole numbers of any size. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/** Everything that decides what a render gives. */
export interface DigestParts {
  type: SourceType;
  path: string;
  /** They count by what they say. */
  inputs: readonly TracedInput[];
  /** Options after substitution, and the facts of the context that this type uses. */
  facts: unknown;
  tools: Readonly<Record<string, string>>;
}

/** The manifest key: 64 hex digits. */
export function digestOf(parts: DigestParts): string {
  const inputs = parts.inputs.map(({ path, oid, from, wording }) => ({ path, oid: wording ?? oid, from }));
  return createHash('sha256')
    .update(canonicalJson({ format, ...parts, inputs }))
    .digest('hex');
}

/** The key of a folder that holds exactly these inputs. */
export function inputsDigest(inputs: readonly TracedInput[]): string {
  return createHash('sha256')
    .update(canonicalJson(inputs.map(({ path, oid, from }) => (from === undefined ? [path, oid] : [path, oid, from]))))
    .digest('hex');
}
