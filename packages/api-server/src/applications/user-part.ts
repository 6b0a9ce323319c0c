import { type Application, annotations as known, ownAnnotations } from '@plumbline/apis';
import { deepEqual } from '@plumbline/manifests';

/** What the engine notes on Applications. Users do not write it, and clients that do not know of it must not take it away. */
const notes: readonly string[] = [
  ownAnnotations.recentDeletions,
  ownAnnotations.operations,
  ownAnnotations.writes,
  ownAnnotations.pruneWaves,
  ownAnnotations.skipRevisions,
];

/** Requests that wait for a controller, which takes them off, and what was sent out about it. */
const requests: readonly string[] = [
  known.refresh,
  known.hydrate,
  known.notified,
  ownAnnotations.traceparent,
  ownAnnotations.deletionApproved,
  ownAnnotations.deletionApprovedBy,
];

type Annotations = Record<string, string>;

const only = (annotations: Annotations | undefined, keys: readonly string[]): Annotations =>
  Object.fromEntries(Object.entries(annotations ?? {}).filter(([key]) => keys.includes(key)));

/** The part of an Application that users own. */
function userPart({ metadata, spec }: Application): unknown {
  return {
    spec,
    labels: metadata.labels ?? {},
    annotations: metadata.annotations ?? {},
    finalizers: metadata.finalizers ?? [],
  };
}

/** Whether a user who declares it again finds it as he left it: what the engine has noted since is no difference. */
export function isAsDeclared(stored: Application, declared: Application): boolean {
  const noted = only(stored.metadata.annotations, [...notes, ...requests]);
  const annotations = { ...noted, ...declared.metadata.annotations };
  return deepEqual(userPart(stored), userPart({ ...declared, metadata: { ...declared.metadata, annotations } }));
}

/** The stored Application with the user's part of another; status, operation and the rest of the metadata stay. */
export function withUserPart(stored: Application, next: Application): Application {
  const { labels, annotations, finalizers } = next.metadata;
  return { ...stored, metadata: { ...stored.metadata, labels, annotations, finalizers }, spec: next.spec };
}

/** As {@link withUserPart}, for clients that send all they know: the notes of the engine stay. */
export function replacedByUser(stored: Application, next: Application): Application {
  const noted = only(stored.metadata.annotations, notes);
  const kept = Object.keys(noted).length > 0;
  const annotations = kept ? { ...next.metadata.annotations, ...noted } : next.metadata.annotations;
  return withUserPart(stored, { ...next, metadata: { ...next.metadata, annotations } });
}

/** Adds to what is there instead of replacing it, as an upsert does. */
export function merged(stored: Application, next: Application): Application {
  const { metadata } = next;
  const labels = { ...stored.metadata.labels, ...metadata.labels };
  const annotations = { ...stored.metadata.annotations, ...metadata.annotations };
  return { ...next, metadata: { ...metadata, labels, annotations } };
}
