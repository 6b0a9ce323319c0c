import { errorMessage } from '@plumbline/errors';
import type { ApiClient, ResourceNode } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { type ExplainedEvent, explainText, troubled } from '../output/explain-text.ts';
import { bold, dim, paint } from '../output/paint.ts';
import type { Terminal } from '../terminal.ts';
import { type RefreshOptions, refreshLevel } from './refresh-level.ts';

/** Objects whose events are asked for: the rest would be the same story again. */
const maxAsked = 8;

interface KubernetesEvent {
  type?: string;
  reason?: string;
  message?: string;
  count?: number;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  firstTimestamp?: string | null;
}

/** The newest warnings about an object; none where they cannot be read, and why that is. */
async function warningsOf(
  client: ApiClient,
  name: string,
  { node, terminal }: { node: ResourceNode; terminal: Terminal },
): Promise<ExplainedEvent[]> {
  const query = { resourceNamespace: node.namespace ?? '', resourceName: node.name, resourceUID: node.uid };
  const answer = await client.call('listEvents', { params: { name }, query }).catch((error: unknown) => {
    terminal.err(`the events of ${node.kind} ${node.name} cannot be read: ${errorMessage(error)}\n`);
    return undefined;
  });
  const events = (answer?.items ?? []) as KubernetesEvent[];
  return events
    .filter(({ type }) => type === 'Warning')
    .map(({ reason = '', message = '', count = 1, lastTimestamp, eventTime, firstTimestamp }) => {
      return { uid: node.uid, reason, message, count, time: lastTimestamp ?? eventTime ?? firstTimestamp ?? undefined };
    })
    .sort((a, b) => (a.time ?? '').localeCompare(b.time ?? ''))
    .slice(-3);
}

/** `plumb app explain`: on one page why an application is as it is, down to the events of its Pods. */
export async function explainApp(
  terminal: Terminal,
  name: string,
  options: GlobalOptions & RefreshOptions,
): Promise<void> {
  const client = await connect(options);
  const params = { name };
  const application = await client.call('getApplication', { params, query: { refresh: refreshLevel(options) } });
  const nothing = { items: [], nodes: [] };
  // A controller that is away must not keep the conditions from being told.
  const [{ items: managed }, { nodes }] = await Promise.all([
    client.call('managedResources', { params }).catch(() => nothing),
    client.call('resourceTree', { params }).catch(() => nothing),
  ]);
  const asked = troubled(nodes).slice(0, maxAsked);
  const events = (await Promise.all(asked.map((node) => warningsOf(client, name, { node, terminal })))).flat();
  const style = { bold, dim, paint, now: terminal.now() };
  terminal.out(explainText({ application, managed, nodes, events }, style));
}
