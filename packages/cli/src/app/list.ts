import type { Application } from '@plumbline/apis';
import { connect, type GlobalOptions } from '../config/connect.ts';
import { appHeadings, appRow } from '../output/app-rows.ts';
import { paint } from '../output/paint.ts';
import { type OutputFormat, printData } from '../output/print-data.ts';
import { createScreen } from '../output/screen.ts';
import { table } from '../output/table.ts';
import type { Terminal } from '../terminal.ts';
import { watchList } from './watch-list.ts';

export interface ListOptions extends GlobalOptions {
  output: OutputFormat;
  project?: string[];
  selector?: string;
  repo?: string;
  watch?: boolean;
}

const nameOf = ({ metadata }: Application): string => `${metadata.namespace}/${metadata.name}`;

function listText(items: Application[], output: OutputFormat): string {
  if (output === 'name') return items.map((item) => `${nameOf(item)}\n`).join('');
  return table(
    appHeadings,
    items.map((item) => appRow(item, paint)),
  );
}

/** `plumb app list`. */
export async function listApps(terminal: Terminal, options: ListOptions): Promise<void> {
  const client = await connect(options);
  const { output } = options;
  const query = { projects: options.project, selector: options.selector, repo: options.repo };
  const show = async (items: Application[], draw: (text: string) => void): Promise<void> => {
    if (output === 'json' || output === 'yaml') await printData(terminal, output, items);
    else draw(listText(items, output));
  };
  if (!options.watch) return show((await client.call('listApplications', { query })).items, terminal.out);
  const screen = createScreen(terminal);
  for await (const items of watchList(client, query)) await show(items, screen.show);
}
