import type { SecretMask } from '@plumbline/cluster';
import { PlumblineError } from '@plumbline/errors';
import { isRecord, isSecret, type KubeObject, normalizeSecret } from '@plumbline/manifests';

/** Digest (as the mask makes it) → value in base64: what turns a masked Secret into a real one, for the apply alone. */
export type SecretValues = ReadonlyMap<string, string>;

/** The values of all Secrets among rendered objects. */
export function secretValuesOf(rendered: readonly KubeObject[], mask: SecretMask): Map<string, string> {
  const values = new Map<string, string>();
  for (const object of rendered.filter(isSecret)) {
    const real = normalizeSecret(object);
    const masked = mask.mask(object);
    pair(dataOf(masked), dataOf(real), values);
    pair(masked.metadata.annotations ?? {}, real.metadata.annotations ?? {}, values);
  }
  return values;
}

function pair(masked: Record<string, string>, real: Record<string, string>, values: Map<string, string>): void {
  for (const [name, digest] of Object.entries(masked)) {
    const value = real[name];
    if (typeof digest !== 'string') continue;
    if (value !== undefined && value !== digest) values.set(digest, value);
  }
}

function dataOf(object: KubeObject): Record<string, string> {
  return isRecord(object['data']) ? (object['data'] as Record<string, string>) : {};
}

/** A masked Secret with its real values. Throws where one is not known: a digest must never be written. */
export function revealSecret(masked: KubeObject, values: SecretValues): KubeObject {
  const reveal = (digest: unknown) => {
    // Of a wrong type: the server refuses it.
    if (typeof digest !== 'string') return digest;
    const value = values.get(digest);
    if (value !== undefined) return value;
    const name = `Secret ${masked.metadata.namespace ?? ''}/${masked.metadata.name ?? masked.metadata.generateName ?? ''}`;
    throw new PlumblineError('SECRET_VALUE_UNKNOWN', `a value of ${name} is not among the rendered ones`, {
      retry: 'transient',
    });
  };
  const data = Object.entries(dataOf(masked)).map(([name, digest]) => [name, reveal(digest)] as const);
  const { annotations } = masked.metadata;
  const shown =
    annotations &&
    Object.fromEntries(Object.entries(annotations).map(([name, text]) => [name, values.get(text) ?? text]));
  return {
    ...masked,
    metadata: shown ? { ...masked.metadata, annotations: shown } : masked.metadata,
    ...(isRecord(masked['data']) ? { data: Object.fromEntries(data) } : {}),
  };
}
