import type { ResourceNode } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { paint } from '../output/paint.ts';
import { type OutputFormat, printData } from '../output/print-data.ts';
import { table } from '../output/table.ts';
import { treeText } from '../output/tree-text.ts';
import type { Terminal } from '../terminal.ts';

export interface ResourcesOptions extends GlobalOptions {
  orphaned?: boolean;
  output: OutputFormat;
}

/** `plumb app resources`: the managed objects and what they own; orphans on demand. */
export async function listResources(terminal: Terminal, name: string, options: ResourcesOptions): Promise<void> {
  const client = await connect(options);
  const params = { name };
  const tree = await client.call('resourceTree', { params });
  const { orphaned = false, output } = options;
  const nodes: [ResourceNode, boolean][] = [
    ...(orphaned ? [] : tree.nodes.map((node): [ResourceNode, boolean] => [node, false])),
    ...tree.orphanedNodes.map((node): [ResourceNode, boolean] => [node, true]),
  ];
  if (output === 'json' || output === 'yaml') {
    return printData(
      terminal,
      output,
      nodes.map(([node]) => node),
    );
  }
  if (output === 'tree') {
    const application = await client.call('getApplication', { params });
    terminal.out(treeText(application, tree, { paint, now: terminal.now() }));
    return;
  }
  const rows = nodes.map(([{ group = '', kind, namespace = '', name: object, health }, isOrphan]) => [
    group,
    kind,
    namespace,
    object,
    paint(health?.status ?? ''),
    isOrphan ? 'Yes' : 'No',
  ]);
  terminal.out(table(['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'HEALTH', 'ORPHANED'], rows));
}
