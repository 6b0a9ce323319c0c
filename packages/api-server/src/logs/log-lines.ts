import type { LogEntry, LogsQuery } from '@plumbline/protocol';

/** A line with the time that Kubernetes puts before it. */
export function parsedLine(line: string, podName: string): LogEntry {
  const end = line.indexOf(' ');
  const stamp = end < 0 ? line : line.slice(0, end);
  const time = /^\d{4}-\d\d-\d\dT/.test(stamp) ? Date.parse(stamp) : Number.NaN;
  if (Number.isNaN(time)) return { content: line, timeStampStr: '', podName, last: false };
  const content = end < 0 ? '' : line.slice(end + 1);
  return { content, timeStamp: new Date(time).toISOString(), timeStampStr: stamp, podName, last: false };
}

/** Which lines a caller wants to see. */
export function lineFilter({
  filter = '',
  matchCase,
}: Pick<LogsQuery, 'filter' | 'matchCase'>): (line: string) => boolean {
  const inverted = filter.startsWith('!');
  const text = inverted ? filter.slice(1) : filter;
  if (text === '') return () => true;
  const folded = matchCase ? text : text.toLowerCase();
  return (line) => (matchCase ? line : line.toLowerCase()).includes(folded) !== inverted;
}

/** Order in time; lines without one stay where they are. */
export function byTime(a: LogEntry, b: LogEntry): number {
  if (a.timeStampStr === b.timeStampStr || !a.timeStampStr || !b.timeStampStr) return 0;
  return a.timeStampStr < b.timeStampStr ? -1 : 1;
}

/** The path of the Kubernetes API for the lines of one container. */
export function logPath(
  { namespace, name }: { namespace: string; name: string },
  container: string,
  query: Pick<LogsQuery, 'follow' | 'previous' | 'sinceSeconds' | 'sinceTime' | 'tailLines'>,
): string {
  const search = new URLSearchParams({ container, timestamps: 'true' });
  if (query.follow) search.set('follow', 'true');
  if (query.previous) search.set('previous', 'true');
  if (query.tailLines !== undefined) search.set('tailLines', String(query.tailLines));
  if (query.sinceTime !== undefined) search.set('sinceTime', new Date(query.sinceTime).toISOString());
  else if (query.sinceSeconds) search.set('sinceSeconds', String(query.sinceSeconds));
  const place = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
  return `${place}/log?${search}`;
}
