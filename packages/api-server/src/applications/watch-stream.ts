import type { KubeObject } from '@plumbline/manifests';
import type { ApplicationListQuery } from '@plumbline/protocol';
import type { Rights } from '../access/rights.ts';
import { apiFailure } from '../http/api-failure.ts';
import type { FrameStream } from '../http/frame-stream.ts';
import type { ApplicationCache, ApplicationEvent } from './application-cache.ts';
import { asApplication } from './application-object.ts';
import { applicationFilter, readableBy } from './filter.ts';
import type { ApplicationParts } from './lookup.ts';
import { sharedProjection } from './projection.ts';

/** Paths of `fields` for a watch begin at the frame. */
const framePrefix = /(^|,)(-?)result\./g;

/**
 * What a new watch is told first: everything as ADDED where it names no resourceVersion or an Application; else what has
 * changed since. With a resourceVersion also what went since, so that nothing between a read and the watch is lost.
 */
export function firstEvents(cache: ApplicationCache, query: ApplicationListQuery): ApplicationEvent[] {
  const since = query.resourceVersion;
  const all = () => cache.list().map((application): ApplicationEvent => ({ type: 'ADDED', application }));
  if (since === undefined) return all();
  if (!/^\d{1,20}$/.test(since)) throw apiFailure('InvalidArgument', `resourceVersion: "${since}" is not a number`);
  const gone = cache.deletedSince(since).map((application): ApplicationEvent => ({ type: 'DELETED', application }));
  if (query.name !== undefined) return [...all(), ...gone];
  const changed = cache.list().filter(({ metadata }) => BigInt(metadata.resourceVersion ?? 0) > BigInt(since));
  return [...changed.map((application): ApplicationEvent => ({ type: 'MODIFIED', application })), ...gone];
}

const idOf = ({ metadata }: KubeObject): string => `${metadata.namespace}/${metadata.name}`;

/** How often a stream looks whether rights have changed. */
const rightsCheckMs = 2_000;

/**
 * Sends the Applications that the query wants and the caller may see, now and whenever they change, until the stream is over.
 * One that leaves the selection (labels, project or rights changed) is told as DELETED. `open` is called when the query has
 * been accepted.
 */
export async function streamApplications(
  { cache, namespace }: Pick<ApplicationParts, 'cache' | 'namespace'>,
  { query, rights }: { query: ApplicationListQuery; rights: Rights },
  open: () => FrameStream,
): Promise<void> {
  const filter = applicationFilter(query);
  const readable = readableBy(rights, namespace);
  const wanted = (object: KubeObject): boolean => filter(asApplication(object)) && readable(asApplication(object));
  const project = sharedProjection(query.fields?.replace(framePrefix, '$1$2'));
  const first = firstEvents(cache, query);
  const stream = open();
  const sent = new Set<string>();
  const tell = (event: ApplicationEvent): void => {
    const { type, application } = event;
    const name = idOf(application);
    const selected = wanted(application);
    if (!selected && !sent.has(name)) return;
    const gone = type === 'DELETED' || !selected;
    if (gone) sent.delete(name);
    else sent.add(name);
    const told = gone ? 'DELETED' : type;
    const shown = readable(asApplication(application)) ? application : bare(application);
    // Where nothing is changed the event itself is sent: it is projected and encoded once for all streams.
    const unchanged = told === type && shown === application;
    stream.send(name, project(unchanged ? event : { type: told, application: shown }));
  };
  for (const event of first) tell(event);
  if (query.resourceVersion !== undefined) {
    for (const object of cache.list()) if (wanted(object)) sent.add(idOf(object));
  }
  const unsubscribe = cache.subscribe(tell);
  const stopLooking = onRightsChange(rights, () => {
    for (const application of cache.list()) {
      const known = sent.has(idOf(application));
      if (known !== wanted(application)) tell({ type: known ? 'MODIFIED' : 'ADDED', application });
    }
  });
  await stream.done;
  stopLooking();
  unsubscribe();
}

/** What is told of an Application that the caller may see no longer: which it was. */
function bare({ apiVersion, kind, metadata: { name = '', namespace, uid } }: KubeObject): KubeObject {
  const identity = { name, ...(namespace ? { namespace } : {}), ...(uid ? { uid } : {}) };
  return { apiVersion, kind, metadata: identity, spec: {} };
}

function onRightsChange(rights: Rights, look: () => void): () => void {
  let seen = rights.version();
  const timer = setInterval(() => {
    const now = rights.version();
    if (now === seen) return;
    seen = now;
    look();
  }, rightsCheckMs);
  timer.unref();
  return () => clearInterval(timer);
}
