import { isRecord } from './metadata.ts';
import { groupOf } from './resource-key.ts';
import type { KubeObject } from './types.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Whether an object is a Secret of the core group. */
export function isSecret(object: { apiVersion: string; kind: string }): boolean {
  return object.kind === 'Secret' && groupOf(object) === '';
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : String(value);
}

function mapMembers(value: unknown, change: (member: unknown) => string): Record<string, string> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, change(member)]));
}

/**
 * A Secret as the API server stores it: `stringData` folded into `data`, where it wins, and null values made empty
 * (reference §3.2). Any other object, and a Secret that needs no change, is returned as it is.
 */
export function normalizeSecret(object: KubeObject): KubeObject {
  if (!isSecret(object)) return object;
  const { stringData, data, ...rest } = object;
  if (stringData !== undefined && stringData !== null && !isRecord(stringData)) return object;
  const hasNull = isRecord(data) && Object.values(data).some((member) => member === null || member === undefined);
  if (stringData === undefined && !hasNull && data !== null) return object;
  const merged = {
    ...mapMembers(data, textOf),
    ...mapMembers(stringData, (member) => Buffer.from(textOf(member)).toString('base64')),
  };
  return { ...rest, ...(Object.keys(merged).length > 0 ? { data: merged } : {}) } as KubeObject;
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

/**
 * A Secret without its values: `stringData` is folded into `data`, then each value is replaced by the digest of its
 * bytes (null counts as empty), and so is the last-applied annotation. Equal values get equal digests. Members that the API
 * server would drop are dropped. Any other object is returned as it is.
 *
 * @param digest should be keyed: short values can otherwise be guessed from their digests.
 */
export function maskSecret(object: KubeObject, digest: (value: Uint8Array) => string): KubeObject {
  if (!isSecret(object)) return object;
  const secret = normalizeSecret(object);
  const masked = isRecord(secret.data) ? { data: mapMembers(secret.data, (member) => digest(bytesOf(member))) } : {};
  const { annotations } = secret.metadata;
  const applied: unknown = annotations?.[lastApplied];
  const metadata =
    applied === undefined
      ? secret.metadata
      : { ...secret.metadata, annotations: { ...annotations, [lastApplied]: digest(Buffer.from(textOf(applied))) } };
  return { ...shownMembers(secret), ...masked, metadata } as KubeObject;
}
