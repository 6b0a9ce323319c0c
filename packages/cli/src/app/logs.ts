import { connect, type GlobalOptions } from '../config/connect.ts';
import { dim } from '../output/paint.ts';
import type { Terminal } from '../terminal.ts';

interface LogsOptions extends GlobalOptions {
  follow?: boolean;
  tail?: number;
  sinceSeconds?: number;
  untilTime?: string;
  filter?: string;
  matchCase?: boolean;
  previous?: boolean;
  container?: string;
  group?: string;
  kind?: string;
  name?: string;
  namespace?: string;
  prefix?: boolean;
}

/** `plumb app logs`: lines of the Pods of an application, or of one of its workloads. */
export async function showLogs(terminal: Terminal, application: string, options: LogsOptions): Promise<void> {
  const client = await connect(options);
  const query = {
    namespace: options.namespace,
    container: options.container,
    group: options.group,
    kind: options.kind,
    resourceName: options.name,
    sinceSeconds: options.sinceSeconds,
    untilTime: options.untilTime,
    tailLines: options.tail,
    follow: options.follow,
    previous: options.previous,
    filter: options.filter,
    matchCase: options.matchCase,
  };
  for await (const { content, podName, last } of client.stream('applicationLogs', {
    params: { name: application },
    query,
  })) {
    if (last) return;
    terminal.out(`${options.prefix ? dim(`${podName}  `) : ''}${content}\n`);
  }
}
