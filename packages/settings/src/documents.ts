import type { KubeObject } from '@plumbline/manifests';

/** A ConfigMap or Secret, decoded. */
export interface Document {
  name: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  data: Readonly<Record<string, string>>;
}

function texts(value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** Reads a ConfigMap, or a Secret with its base64 taken off. */
export function documentOf(object: KubeObject): Document {
  const data = texts(object['data']);
  const decoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString('utf8')]);
  return {
    name: object.metadata.name ?? '',
    labels: object.metadata.labels ?? {},
    annotations: object.metadata.annotations ?? {},
    data: object.kind === 'Secret' ? Object.fromEntries(decoded) : data,
  };
}

/** What the watches have seen: documents by name. */
export interface Documents {
  /** ConfigMaps that are part of the control plane. */
  configMaps: ReadonlyMap<string, Document>;
  /** Secrets that are part of the control plane. */
  secrets: ReadonlyMap<string, Document>;
  /** Secrets of repositories, credential templates and clusters. */
  typedSecrets: ReadonlyMap<string, Document>;
}
