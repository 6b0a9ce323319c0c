import type { ResourceNode, ResourceTree } from '@plumbline/protocol';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { paint } from '../output/paint.ts';
import { type OutputFormat, printData } from '../output/print-data.ts';
import { createScreen } from '../output/screen.ts';
import { table } from '../output/table.ts';
import { treeText } from '../output/tree-text.ts';
import type { Terminal } from '../terminal.ts';

interface ResourcesOptions extends GlobalOptions {
  orphaned?: boolean;
  watch?: boolean;
  output: OutputFormat;
}

function rowsText(nodes: [ResourceNode, boolean][]): string {
  const rows = nodes.map(([{ group = '', kind, namespace = '', name, health }, isOrphan]) => [
    ...[group, kind, namespace, name, paint(health?.status ?? '')],
    isOrphan ? 'Yes' : 'No',
  ]);
  return table(['GROUP', 'KIND', 'NAMESPACE', 'NAME', 'HEALTH', 'ORPHANED'], rows);
}

/** `plumb app resources`: the managed objects and what they own; orphans on demand. */
export async function listResources(terminal: Terminal, name: string, options: ResourcesOptions): Promise<void> {
  const client = await connect(options);
  const params = { name };
  const { orphaned = false, output } = options;
  const show = async (tree: ResourceTree, draw: (text: string) => void): Promise<void> => {
    const nodes: [ResourceNode, boolean][] = [
      ...(orphaned ? [] : tree.nodes.map((node): [ResourceNode, boolean] => [node, false])),
      ...tree.orphanedNodes.map((node): [ResourceNode, boolean] => [node, true]),
    ];
    const plain = nodes.map(([node]) => node);
    if (output === 'json' || output === 'yaml') return printData(terminal, output, plain);
    if (output === 'tree') {
      const application = await client.call('getApplication', { params });
      draw(treeText(application, tree, { paint, now: terminal.now() }));
    } else draw(rowsText(nodes));
  };
  if (!options.watch) return show(await client.call('resourceTree', { params }), terminal.out);
  const screen = createScreen(terminal);
  for await (const tree of client.stream('watchResourceTree', { params })) await show(tree, screen.show);
}
