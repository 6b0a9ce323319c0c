import { labels, secretTypes } from '@plumbline/apis';
import type { KubeClient, WatchEvent } from '@plumbline/cluster';
import { deepEqual } from '@plumbline/manifests';
import type { Logger } from '@plumbline/telemetry';
import { type Document, type Documents, documentOf } from './documents.ts';

interface WatchDocumentsOptions {
  client: KubeClient;
  namespace: string;
  logger: Logger;
  signal: AbortSignal;
  /** Something in a document changed, also before all have been listed. */
  onChange(): void;
}

const partOf = `${labels.partOf}=argocd`;
const typed = `${labels.secretType} in (${secretTypes.repository},${secretTypes.repoCreds},${secretTypes.cluster})`;

/** Takes an event in. Says whether anything that is read has changed. */
function takeIn(documents: Map<string, Document>, event: WatchEvent): boolean {
  const name = event.object.metadata.name ?? '';
  if (event.type === 'DELETED') return documents.delete(name);
  const next = documentOf(event.object);
  if (deepEqual(documents.get(name), next)) return false;
  documents.set(name, next);
  return true;
}

/**
 * Watches ConfigMaps and Secrets of the control-plane namespace, picked by label (reference §10). Resolves when all have
 * been listed once; `done` settles after the signal aborts.
 */
export async function watchDocuments(
  options: WatchDocumentsOptions,
): Promise<{ documents: Documents; done: Promise<void> }> {
  const { client, namespace, logger, signal, onChange } = options;
  const watchOne = (kind: string, labelSelector: string) => {
    const documents = new Map<string, Document>();
    const synced = Promise.withResolvers<void>();
    const done = client.watch(
      { apiVersion: 'v1', kind, namespace },
      {
        labelSelector,
        signal,
        onEvent: (event) => {
          if (takeIn(documents, event)) onChange();
        },
        onSynced: () => synced.resolve(),
        onError: (error) => logger.warn('watching settings failed, trying again', { kind, labelSelector, error }),
      },
    );
    done.then(() => synced.resolve(), synced.reject);
    return { documents, synced: synced.promise, done };
  };
  const configMaps = watchOne('ConfigMap', partOf);
  const secrets = watchOne('Secret', partOf);
  const typedSecrets = watchOne('Secret', typed);
  const all = [configMaps, secrets, typedSecrets];
  await Promise.all(all.map((watch) => watch.synced));
  signal.throwIfAborted();
  return {
    documents: {
      configMaps: configMaps.documents,
      secrets: secrets.documents,
      typedSecrets: typedSecrets.documents,
    },
    done: Promise.allSettled(all.map((watch) => watch.done)).then(() => {}),
  };
}
