import type { KubeClient } from '@plumbline/cluster';
import { errorMessage } from '@plumbline/errors';
import type { KubeObject } from '@plumbline/manifests';
import type { LogEntry, LogsQuery } from '@plumbline/protocol';
import { findApplication } from '../applications/lookup.ts';
import { frameProjection } from '../applications/projection.ts';
import { apiFailure } from '../http/api-failure.ts';
import { type FrameStream, openFrameStream } from '../http/frame-stream.ts';
import type { Call, Mount } from '../http/mount.ts';
import type { OpenStreams } from '../http/open-streams.ts';
import type { LiveParts } from '../live/live-parts.ts';
import { byTime, lineFilter, logPath, parsedLine } from './log-lines.ts';
import { type LogPod, logPods } from './log-pods.ts';

export interface LogParts {
  live: LiveParts;
  streams: OpenStreams;
  /** Pods whose lines are shown together. */
  maxPods(): number;
}

type LogCall = Pick<Call<'applicationLogs'>, 'params' | 'rights' | 'signal' | 'request' | 'response'> & {
  query: LogsQuery;
};

/** Lines that wait for a caller who does not read; older ones give way. */
const maxWaiting = 10_000;
const defaultContainer = 'kubectl.kubernetes.io/default-container';

/** The container that is meant where none is named, as kubectl has it. */
function containerOf(pod: KubeObject, wanted: string | undefined): string {
  if (wanted !== undefined) return wanted;
  const spec: unknown = pod['spec'];
  const containers = typeof spec === 'object' && spec && 'containers' in spec ? spec.containers : [];
  const [first] = Array.isArray(containers) ? (containers as { name?: string }[]) : [];
  return pod.metadata.annotations?.[defaultContainer] ?? first?.name ?? '';
}

async function podsOf(parts: LogParts, call: LogCall): Promise<{ client: KubeClient; pods: LogPod[] }> {
  const { live, maxPods } = parts;
  const { params, query, rights, signal } = call;
  const app = await findApplication(live, { name: params.name, ...query, rights });
  const target = { namespace: app.metadata.namespace ?? live.namespace, name: app.metadata.name };
  const { nodes } = await live.inspector.ask<'tree'>({ kind: 'tree', ...target }, signal);
  const pods = logPods(nodes, query);
  if (pods.length === 0) {
    const what = query.podName ? `Pod ${query.podName}` : 'no Pod whose lines are wanted was';
    throw apiFailure(
      'InvalidArgument',
      `${what} not found as part of application ${params.name}`.replace('was not', 'was'),
    );
  }
  if (pods.length > maxPods()) {
    const text = `${pods.length} Pods are wanted, but at most ${maxPods()} are shown together`;
    throw apiFailure('InvalidArgument', `${text}: name a Pod or a workload`);
  }
  return { client: await live.clusters.of(app), pods };
}

interface Reading {
  client: KubeClient;
  query: LogsQuery;
  signal: AbortSignal;
  tell(entry: LogEntry): void;
}

/** Reads one Pod to its end, or to `untilTime`. */
async function readPod(pod: LogPod, { client, query, signal, tell }: Reading): Promise<void> {
  const object = await client.get({ apiVersion: 'v1', kind: 'Pod', ...pod }, { signal });
  const until = query.untilTime === undefined ? Number.POSITIVE_INFINITY : Date.parse(query.untilTime);
  const enough = new AbortController();
  const wanted = lineFilter(query);
  const onLine = (line: string): void => {
    const entry = parsedLine(line, pod.name);
    if (entry.timeStamp !== undefined && Date.parse(entry.timeStamp) > until) enough.abort();
    else if (!enough.signal.aborted && wanted(entry.content)) tell(entry);
  };
  const path = logPath(pod, containerOf(object, query.container), query);
  await client.readLines(path, { onLine, signal: AbortSignal.any([signal, enough.signal]) }).catch((error: unknown) => {
    if (!enough.signal.aborted) throw error;
  });
}

/** Why a Pod's lines cannot be read, as a line of it: the others are shown all the same, as Argo CD does. */
function problemLine({ name }: LogPod, error: unknown): LogEntry {
  const timeStamp = new Date().toISOString();
  return { content: errorMessage(error), timeStamp, timeStampStr: timeStamp, podName: name, last: false };
}

async function streamLogs(parts: LogParts, call: LogCall): Promise<void> {
  const { client, pods } = await podsOf(parts, call);
  const { query, request, response, signal } = call;
  const stream: FrameStream = openFrameStream(request, response);
  parts.streams.add(stream);
  const project = frameProjection(request.query['fields']);
  let sent = 0;
  const send = (entry: LogEntry): void => {
    stream.send(String(sent % maxWaiting), project(entry));
    sent += 1;
  };
  // Whole logs of several Pods are told in the order of time; followed ones as they come.
  const gathered: LogEntry[] | undefined = query.follow || pods.length === 1 ? undefined : [];
  const tell = gathered ? (entry: LogEntry) => gathered.push(entry) : send;
  try {
    await Promise.all(
      pods.map((pod) =>
        readPod(pod, { client, query, signal, tell }).catch((error: unknown) => tell(problemLine(pod, error))),
      ),
    );
    for (const entry of gathered?.sort(byTime) ?? []) send(entry);
    const timeStamp = new Date().toISOString();
    send({ content: '', timeStamp, timeStampStr: timeStamp, podName: pods[0]?.name ?? '', last: true });
    stream.end();
  } catch (error) {
    stream.fail(error);
  }
}

/** Lines that the Pods of an Application have written (reference §8.2). Never of a Pod that is not in its tree. */
export function mountLogs(mount: Mount, parts: LogParts): void {
  mount.stream('applicationLogs', (call) => streamLogs(parts, call));
  mount.stream('podLogs', ({ params, query, ...call }) =>
    streamLogs(parts, { ...call, params, query: { ...query, podName: params.podName } }),
  );
}
