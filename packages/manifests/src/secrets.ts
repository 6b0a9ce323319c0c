import { isRecord } from './metadata.ts';
import { groupOf } from './resource-key.ts';
import type { KubeObject } from './types.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Whether an object is a Secret of the core group. */
export function isSecret(object: { apiVersion: string; kind: string }): boolean {
  return object.kind === 'Secret' && groupOf(object) === '';
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** What a Secret's value may be: text, or nothing, which counts as empty. The API server refuses anything else. */
function isValue(value: unknown): boolean {
  return typeof value === 'string' || value === null || value === undefined;
}

/** Changes the values of a map; what is none stays. */
function mapValues(values: unknown, change: (value: unknown) => string): Record<string, unknown> {
  if (!isRecord(values)) return {};
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, isValue(value) ? change(value) : value]),
  );
}

/** Something of the same wrong type that tells nothing: the server is to refuse it, and to say of which field. */
function sameType(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (isRecord(value)) return {};
  return typeof value === 'boolean' ? false : typeof value === 'string' ? '' : 0;
}

/**
 * A Secret as the API server stores it: `stringData` folded into `data`, where it wins, and null values made empty
 * (reference §3.2). What is of a wrong type stays where it is, for the server to refuse. Any other object, and a Secret that
 * needs no change, is returned as it is.
 */
export function normalizeSecret(object: KubeObject): KubeObject {
  if (!isSecret(object)) return object;
  const { stringData, data, ...rest } = object;
  if (stringData !== undefined && stringData !== null && !isRecord(stringData)) return object;
  if (data !== undefined && data !== null && !isRecord(data)) return object;
  const hasNull = isRecord(data) && Object.values(data).some((member) => member === null || member === undefined);
  if (stringData === undefined && !hasNull && data !== null) return object;
  const written = Object.entries(stringData ?? {});
  const wrong = written.filter(([, value]) => !isValue(value));
  const right = Object.fromEntries(written.filter(([, value]) => isValue(value)));
  const merged = {
    ...mapValues(data, textOf),
    ...mapValues(right, (value) => Buffer.from(textOf(value)).toString('base64')),
  };
  return {
    ...rest,
    ...(Object.keys(merged).length > 0 ? { data: merged } : {}),
    ...(wrong.length > 0 ? { stringData: Object.fromEntries(wrong) } : {}),
  } as KubeObject;
}

/** The bytes of a value of `data`; text that is no base64 stands for itself, so that it never collides with a value. */
function bytesOf(value: unknown): Uint8Array {
  const text = textOf(value).replace(/[\r\n]/g, '');
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : Buffer.from(`no base64: ${text}`);
}

/** What a Secret has beside its values. Of a member that Secrets do not have (`stringdata`), nobody knows what it holds. */
function shownMembers({ apiVersion, kind, ...others }: KubeObject): Record<string, unknown> {
  const shown: Record<string, unknown> = { apiVersion, kind };
  for (const name of ['type', 'immutable']) if (others[name] !== undefined) shown[name] = others[name];
  return shown;
}

function maskedValues(name: 'data' | 'stringData', secret: KubeObject, mask: (value: unknown) => string) {
  const values: unknown = secret[name];
  if (values === undefined || values === null) return {};
  if (!isRecord(values)) return { [name]: sameType(values) };
  const masked = Object.entries(values).map(([key, value]) => [key, isValue(value) ? mask(value) : sameType(value)]);
  return { [name]: Object.fromEntries(masked) as Record<string, unknown> };
}

/**
 * A Secret without its values: `stringData` is folded into `data`, then each value is replaced by the digest of its
 * bytes (null counts as empty), and so is the last-applied annotation. Equal values get equal digests. Members that the API
 * server would drop are dropped; what is of a wrong type is replaced by something else of that type. Any other object is
 * returned as it is.
 *
 * @param digest should be keyed: short values can otherwise be guessed from their digests.
 */
export function maskSecret(object: KubeObject, digest: (value: Uint8Array) => string): KubeObject {
  if (!isSecret(object)) return object;
  const secret = normalizeSecret(object);
  const masked = {
    ...maskedValues('data', secret, (value) => digest(bytesOf(value))),
    ...maskedValues('stringData', secret, (value) => digest(Buffer.from(textOf(value)))),
  };
  const { annotations } = secret.metadata;
  const applied: unknown = annotations?.[lastApplied];
  const metadata =
    applied === undefined
      ? secret.metadata
      : { ...secret.metadata, annotations: { ...annotations, [lastApplied]: digest(Buffer.from(textOf(applied))) } };
  return { ...shownMembers(secret), ...masked, metadata } as KubeObject;
}
