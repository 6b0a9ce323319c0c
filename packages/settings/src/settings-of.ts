import type { KubeObject } from '@plumbline/manifests';
import { type Document, documentOf } from './documents.ts';
import { readSnapshot, type SettingsEnvironment, type Snapshot } from './snapshot.ts';

/** A Secret's values as they are written by people: `stringData` counts like `data`. */
function withStringData(object: KubeObject, document: Document): Document {
  const texts = object['stringData'];
  return { ...document, data: { ...document.data, ...(typeof texts === 'object' && texts !== null ? texts : {}) } };
}

/**
 * The settings that ConfigMaps and Secrets stand for, without a control plane: to try them out before they are in force. An
 * object counts by its name; a later one of the same name takes the place of a former.
 */
export function settingsOf(
  objects: readonly KubeObject[],
  environment: SettingsEnvironment = {},
): Pick<Snapshot, 'control' | 'access' | 'problems'> {
  const named = (kind: string) =>
    new Map(
      objects
        .filter((object) => object.kind === kind)
        .map((object) => [object.metadata.name ?? '', withStringData(object, documentOf(object))]),
    );
  const documents = { configMaps: named('ConfigMap'), secrets: named('Secret'), typedSecrets: new Map() };
  const { control, access, problems } = readSnapshot(documents, new Map(), environment);
  return { control, access, problems };
}
