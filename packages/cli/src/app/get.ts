import { connect, type GlobalOptions } from '../config/connect.ts';
import { detailsText } from '../output/app-details.ts';
import { paint } from '../output/paint.ts';
import { type OutputFormat, printData } from '../output/print-data.ts';
import { treeText } from '../output/tree-text.ts';
import type { Terminal } from '../terminal.ts';
import { type RefreshOptions, refreshLevel } from './refresh-level.ts';

export interface GetOptions extends GlobalOptions, RefreshOptions {
  output: OutputFormat;
  showOperation?: boolean;
  showParams?: boolean;
}

/** `plumb app get`. */
export async function getApp(terminal: Terminal, name: string, options: GetOptions): Promise<void> {
  const client = await connect(options);
  const query = { refresh: refreshLevel(options) };
  const application = await client.call('getApplication', { params: { name }, query });
  if (options.output === 'json' || options.output === 'yaml') {
    await printData(terminal, options.output, application);
    return;
  }
  const now = terminal.now();
  if (options.output === 'tree') {
    const tree = await client.call('resourceTree', { params: { name } });
    terminal.out(treeText(application, tree, { paint, now }));
    return;
  }
  // The table is worth having without health when the controller does not answer.
  const tree = await client.call('resourceTree', { params: { name } }).catch(() => undefined);
  const { showOperation = false, showParams = false } = options;
  const style = { paint, now, url: client.url, tree, operation: showOperation, parameters: showParams };
  terminal.out(detailsText(application, style));
}
