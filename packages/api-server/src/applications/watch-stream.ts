import type { ApplicationListQuery } from '@plumbline/protocol';
import { apiFailure } from '../http/api-failure.ts';
import type { FrameStream } from '../http/frame-stream.ts';
import type { ApplicationCache, ApplicationEvent } from './application-cache.ts';
import { asApplication } from './application-object.ts';
import { applicationFilter } from './filter.ts';
import { projection } from './projection.ts';

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

/**
 * Sends the Applications that the query wants, now and whenever they change, until the stream is over. One that leaves
 * the selection (labels or project changed) is told as DELETED. `open` is called when the query has been accepted.
 */
export async function streamApplications(
  cache: ApplicationCache,
  query: ApplicationListQuery,
  open: () => FrameStream,
): Promise<void> {
  const wanted = applicationFilter(query);
  const project = projection(query.fields?.replace(framePrefix, '$1$2'));
  const first = firstEvents(cache, query);
  const stream = open();
  const sent = new Set<string>();
  const tell = ({ type, application }: ApplicationEvent): void => {
    const name = application.metadata.name ?? '';
    const selected = wanted(asApplication(application));
    if (!selected && !sent.has(name)) return;
    const gone = type === 'DELETED' || !selected;
    if (gone) sent.delete(name);
    else sent.add(name);
    stream.send(name, project({ type: gone ? 'DELETED' : type, application }));
  };
  for (const event of first) tell(event);
  if (query.resourceVersion !== undefined) {
    for (const object of cache.list()) if (wanted(asApplication(object))) sent.add(object.metadata.name ?? '');
  }
  const unsubscribe = cache.subscribe(tell);
  await stream.done;
  unsubscribe();
}
