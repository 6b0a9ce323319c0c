import { type KubeObject, parseJson, stringifyJson } from '@plumbline/manifests';
import type { SourceType } from './types.ts';

/** What lies in the sealed cache under {@link manifestSetKey}. */
export interface ManifestSet {
  sourceType: SourceType;
  /** As rendered: without tracking, namespaces not filled in. */
  objects: KubeObject[];
  warnings: string[];
}

/** The key of a manifest set in the sealed cache. */
export function manifestSetKey(digest: string): string {
  return `manifests:${digest}`;
}

/** The set as JSON; 64-bit whole numbers survive. The sealed cache compresses. */
export function packManifestSet(set: ManifestSet): Buffer {
  return Buffer.from(stringifyJson(set));
}

/** The inverse of {@link packManifestSet}. */
export function unpackManifestSet(packed: Buffer): ManifestSet {
  return parseJson(packed.toString('utf8')) as ManifestSet;
}
